# shellcheck shell=bash disable=SC2034
needs=pigz
mtimes='noise.gz'
setup() { cp -p "$IN/noise" noise; }
run() { pigz -p2 noise; pigz -p2 -c "$IN/text" >text.gz; pigz -dc text.gz >text; }
