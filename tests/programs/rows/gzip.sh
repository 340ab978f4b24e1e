# shellcheck shell=bash disable=SC2034
needs=gzip
mtimes='noise.gz'
setup() { cp -p "$IN/noise" noise; }
run() { gzip noise; }
title='gzip'
large() { cp -p "$IN/large" large; gzip -1 large; }
