# shellcheck shell=bash disable=SC2034
needs=bzip2
mtimes='text'
setup() { cp -p "$IN/text.bz2" .; }
run() { bunzip2 text.bz2; bzip2 -dc "$IN/text.bz2" >other; }
title='bzip2 -dc > file'
large() { bzip2 -dc "$BESIDE/zeros.bz2" >zeros; }
prepare() { head -c 20M /dev/zero | bzip2 >"$BESIDE/zeros.bz2"; }
