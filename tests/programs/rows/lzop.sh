# shellcheck shell=bash disable=SC2034
# Writes of 1, 2 and 4 bytes before each block.
needs=lzop
mtimes='text|noise'
setup() { cp -p "$IN/text" text; }
run() {
  lzop -U text; lzop -1 -c "$IN/noise" >redirected.lzo; lzop -1 -o noise.lzo "$IN/noise"
  lzop -d -o text text.lzo; lzop -dc redirected.lzo >redirected; lzop -d -o noise noise.lzo
}
title='lzop > file'
large() { lzop -1 -c "$IN/large" >a.lzo; }
