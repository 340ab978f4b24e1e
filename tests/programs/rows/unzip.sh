# shellcheck shell=bash disable=SC2034
# fopen and setvbuf, then write() on the descriptor.
needs='zip unzip'
mtimes='x/.*/[ft][0-9]+|y/.*'
prepare() {
  (cd "$IN" && zip -q -X -r "$BESIDE/a.zip" tree noise && zip -q -X -0 -r "$BESIDE/large.zip" large-tree)
}
run() { unzip -q "$BESIDE/a.zip" -d x; unzip -qo "$BESIDE/a.zip" noise -d y; unzip -p "$BESIDE/a.zip" noise >noise; }
title='unzip'
large() { unzip -q "$BESIDE/large.zip"; }
