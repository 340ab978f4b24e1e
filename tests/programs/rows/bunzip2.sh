# shellcheck shell=bash disable=SC2034
managed=stdio
needs=bzip2
mtimes='text'
setup() { cp -p "$IN/text.bz2" .; }
run() { bunzip2 text.bz2; bzip2 -dc "$IN/text.bz2" >other; }
