# shellcheck shell=bash disable=SC2034,SC2154
# Where what streams call can't be seen, their files are handed back, and the report says so.
setup() {
  compile "$WORK/slot.so" "$here/support/takes_a_slot.c" -shared -fPIC -ldl
  compile "$WORK/program" "$here/support/writes_by_streams_and_numbers.c"
}
run() {
  after=$WORK/slot.so preloaded "$WORK/program" || return
  [ -z "$lib" ] || [[ " ${settings[*]} " != *' SEQSHIM_REPORT='* ]] || grep -q '"hand_back": *"stdio"' "$WORK/$name.json"
}
