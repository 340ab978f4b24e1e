# shellcheck shell=bash disable=SC2034
needs=gzip
mtimes='text'
setup() { cp -p "$IN/text.gz" text.gz; }
run() { gunzip text.gz; gzip -dc "$IN/text.gz" >other; }
title='gunzip -c > file'
large() { gunzip -c "$BESIDE/large.gz" >large; }
prepare() { gzip -1c "$IN/large" >"$BESIDE/large.gz"; }
