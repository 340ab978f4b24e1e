# shellcheck shell=bash disable=SC2034
needs=lz4
run() { lz4 -q "$IN/noise" noise.lz4; lz4 -qc "$IN/text" >text.lz4; lz4 -qd noise.lz4 noise; lz4 -qdc text.lz4 >text; }
title='lz4'
large() { lz4 -q "$IN/large" large.lz4; }
