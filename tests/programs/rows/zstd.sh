# shellcheck shell=bash disable=SC2034
# The FILE's writer is another thread.
managed=stdio
needs=zstd
mtimes='noise.zst'
setup() { cp -p "$IN/noise" noise; }
run() { zstd -q noise; zstd -qc "$IN/text" >text.zst; zstd -q -T2 -1 "$IN/noise-5M" -o big.zst; }
