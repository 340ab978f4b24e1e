# shellcheck shell=bash disable=SC2034
# Between file systems mv copies, and sets what it can before close.
needs=mv
mtimes='noise|text|sparse|tree/.*'
prepare() { ln -s "$(mktemp -d /dev/shm/seqshim.XXXXXX)" "$BESIDE/elsewhere"; }
setup() { rm -rf "$BESIDE"/elsewhere/*; (cd "$IN" && cp -a noise text sparse tree "$BESIDE/elsewhere"); }
run() { mv "$BESIDE"/elsewhere/* .; mv small "$BESIDE/elsewhere" 2>&1 || true; ls "$BESIDE/elsewhere/"; }
title='mv from another file system'
large() { cp "$IN/large" "$BESIDE/elsewhere"; mv "$BESIDE/elsewhere/large" .; }
finish() { rm -rf "$BESIDE"/elsewhere/; }
