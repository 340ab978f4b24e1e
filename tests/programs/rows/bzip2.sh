# shellcheck shell=bash disable=SC2034
needs=bzip2
mtimes='text.bz2'
setup() { cp -p "$IN/text" text; }
run() { bzip2 text; bzip2 -1c "$IN/noise" >noise.bz2; }
