# shellcheck shell=bash disable=SC2034,SC2154
# Calls before the constructor and after the destructor (nocache#1, #30): a second preloaded library
# whose constructor, destructor and exit handlers write, loaded before ours and after.
setup() {
  compile "$WORK/early.so" "$here/support/writes_early_and_late.c" -shared -fPIC
  compile "$WORK/program" "$here/support/writes_a_bit.c"
}
run() {
  before=$WORK/early.so preloaded "$WORK/program"
  mkdir first && mv early late program atexit first
  after=$WORK/early.so preloaded "$WORK/program"
}
