# shellcheck shell=bash disable=SC2034
# freopen; the output may be the input.
needs='sort shuf'
run() {
  sort "$IN/text" >a; sort -r -o b "$IN/text"; cp "$IN/text" c; sort -o c c; sort -S 100K -T . -k3 -o d "$IN/text"
  shuf --random-source="$IN/noise" -o e "$IN/text"; sort -u b e -o b
}
title='sort -o'
large() { sort -S 200M -o a "$IN/large-text"; }
