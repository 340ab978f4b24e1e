# shellcheck shell=bash disable=SC2034
needs=zstd
setup() { zstd -q "$IN/sparse" -o sparse.zst; zstd -q "$IN/text" -o text.zst; }
run() { zstd -qd sparse.zst -o sparse; zstd -qd --sparse -c sparse.zst >redirected; zstd -qdc text.zst >text; }
title='zstd -d'
large() { zstd -qd "$BESIDE/large.zst" -o large; }
prepare() { zstd -q1 "$IN/large" -o "$BESIDE/large.zst"; }
