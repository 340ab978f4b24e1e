# shellcheck shell=bash disable=SC2034,SC2154
# The command puts its library in front of what the user preloads (nocache#5).
managed=no
setup() {
  [ -e "$BUILD/seqshim" ] || skip "the command isn't built"
  compile "$WORK/early.so" "$here/support/writes_early_and_late.c" -shared -fPIC
}
run() {
  local command=()
  [ -z "$lib" ] || command=("$BUILD/seqshim" -m "$WORK/out/*" --)
  LD_PRELOAD="$WORK/early.so" "${command[@]}" dd if=/dev/zero of=file bs=777 count=777 status=none
  # As the program finds it: ours first, then the user's.
  # shellcheck disable=SC2016
  LD_PRELOAD="$WORK/early.so" "${command[@]}" sh -c 'echo "${LD_PRELOAD##*:}"'
}
