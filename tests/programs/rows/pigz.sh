# shellcheck shell=bash disable=SC2034
needs=pigz
mtimes='noise.gz'
setup() { cp -p "$IN/noise" noise; }
run() { pigz -p2 noise; pigz -p2 -c "$IN/text" >text.gz; pigz -dc text.gz >text; }
title='pigz -c > file'
large() { pigz -p2 -1 -c "$IN/large" >large.gz; }
