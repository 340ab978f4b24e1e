# shellcheck shell=bash disable=SC2034
managed=stdio
needs='tar zstd'
run() { tar --zstd -cf a.tzst -C "$IN" tree noise; }
