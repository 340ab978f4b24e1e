# shellcheck shell=bash disable=SC2034
managed=stdio
needs=zstd
setup() { zstd -q "$IN/sparse" -o sparse.zst; zstd -q "$IN/text" -o text.zst; }
run() { zstd -qd sparse.zst -o sparse; zstd -qd --sparse -c sparse.zst >redirected; zstd -qdc text.zst >text; }
