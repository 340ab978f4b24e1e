# shellcheck shell=bash disable=SC2034,SC2154
# A malloc whose first call opens, reads and writes files (jemalloc#443, #1426, fakechroot#21,
# libeatmydata#16: dlsym calls calloc, which opens, which calls dlsym).
setup() {
  compile "$WORK/malloc.so" "$here/support/malloc_that_opens.c" -shared -fPIC
  compile "$WORK/program" "$here/support/writes_a_bit.c"
}
run() {
  before=$WORK/malloc.so preloaded "$WORK/program"
  mkdir first && mv from-malloc program atexit first
  after=$WORK/malloc.so preloaded "$WORK/program"
}
