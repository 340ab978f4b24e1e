# shellcheck shell=bash disable=SC2034,SC2154
# Streams whose numbers are written as well, all of it cached.
setup() { compile "$WORK/program" "$here/support/writes_by_streams_and_numbers.c"; }
run() {
  preloaded "$WORK/program" || return
  [ -z "$lib" ] || ! grep -q '"hand_back": *"stdio"' "$WORK/$name.json"
}
