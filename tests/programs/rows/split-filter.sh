# shellcheck shell=bash disable=SC2034
needs='split gzip'
run() { split -b 1000000 --filter='gzip -1 >$FILE.gz' "$IN/noise" part.; }
title='split --filter > file'
large() { split -b 6M --filter='cat >$FILE.x' "$IN/large"; }
