# shellcheck shell=bash disable=SC2034,SC2154
# A library of the program's comes before us, and maps a file that is written later.
managed=no
setup() {
  compile "$WORK/libearly.so" "$here/support/maps_early.c" -shared -fPIC
  compile "$WORK/program" "$here/support/writes_what_is_mapped.c" -L"$WORK" -learly \
    -Wl,-rpath,"$WORK"
}
run() { preloaded "$WORK/program"; }
