# shellcheck shell=bash disable=SC2034
# The FILE's writer is another thread.
needs=zstd
mtimes='noise.zst'
setup() { cp -p "$IN/noise" noise; }
run() { zstd -q noise; zstd -qc "$IN/text" >text.zst; zstd -q -T2 -1 "$IN/noise-5M" -o big.zst; }
title='zstd -T2 -o'
large() { zstd -q -T2 -1 "$IN/large" -o large.zst; }
