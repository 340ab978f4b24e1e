# shellcheck shell=bash disable=SC2034
needs=cp
mtimes='(noise|text|tree/.*)'
run() { cp -p "$IN/noise" "$IN/text" .; cp -a "$IN/tree" .; }
title='cp -rp'
large() { cp -rp "$IN/large-tree" a; }
