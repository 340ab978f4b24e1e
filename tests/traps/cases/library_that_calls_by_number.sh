# shellcheck shell=bash disable=SC2034,SC2154
# A library behind ours implements what we pass on by syscall(), which is ours again (tcmalloc's
# mmap): the circle must be broken.
setup() {
  compile "$WORK/numbers.so" "$here/support/calls_by_number.c" -shared -fPIC
  compile "$WORK/program" "$here/support/calls_everything.c"
}
run() {
  after=$WORK/numbers.so preloaded "$WORK/program"
  mkdir first && mv file first
  before=$WORK/numbers.so preloaded "$WORK/program"
}
