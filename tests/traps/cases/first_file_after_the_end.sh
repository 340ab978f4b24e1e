# shellcheck shell=bash disable=SC2034,SC2154
# The first matching file of all is written by a destructor that runs after ours (nocache#30).
managed=no
setup() { compile "$WORK/late.so" "$here/support/writes_late.c" -shared -fPIC; }
run() {
  before=$WORK/late.so preloaded /bin/true
  mkdir first && mv late first
  after=$WORK/late.so preloaded /bin/true
}
