# shellcheck shell=bash disable=SC2034
needs=xz
mtimes='text.xz'
setup() { cp -p "$IN/text" text; }
run() { xz -0 text; xz -0 -T2 -c "$IN/noise" >noise.xz; }
title='xz -T2'
large() { cp "$IN/large" large; xz -0 -T2 large; }
