# shellcheck shell=bash disable=SC2034
needs=pbzip2
mtimes=text
setup() { cp -p "$IN/text" text; }
run() { pbzip2 -p2 text; pbzip2 -p2 -1 -c "$IN/noise" >noise.bz2; pbzip2 -dc noise.bz2 >noise; pbzip2 -d text.bz2; }
title='pbzip2 -dc > file'
prepare() { head -c 20M /dev/zero | pbzip2 -p2 -c >"$BESIDE/zeros.bz2"; }
large() { pbzip2 -p2 -dc "$BESIDE/zeros.bz2" >zeros; }
