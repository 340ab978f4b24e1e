# shellcheck shell=bash disable=SC2034,SC2154
# jemalloc reads its configuration with open and read in its first call (jemalloc#443, #1426).
setup() {
  jemalloc=$(PATH=$PATH:/sbin ldconfig -p | sed -n 's/.*libjemalloc.*=> //p' | head -n 1)
  [ -n "$jemalloc" ] || skip "there is no jemalloc here"
  compile "$WORK/program" "$here/support/writes_a_bit.c"
}
run() {
  before=$jemalloc preloaded "$WORK/program"
  mkdir first && mv program atexit first
  after=$jemalloc preloaded "$WORK/program"
  after=$jemalloc preloaded tar cf tar -C "$here" cases
}
