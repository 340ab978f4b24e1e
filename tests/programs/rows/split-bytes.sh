# shellcheck shell=bash disable=SC2034
needs=split
run() { split -b 300000 "$IN/noise" part.; split -n 3 "$IN/noise-5M" third.; }
title='split -n'
large() { split -n 5 "$IN/large"; }
