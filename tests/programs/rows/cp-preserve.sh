# shellcheck shell=bash disable=SC2034
needs=cp
mtimes='(noise|text|tree/.*)'
run() { cp -p "$IN/noise" "$IN/text" .; cp -a "$IN/tree" .; }
