# shellcheck shell=bash disable=SC2034
needs='split gzip'
run() { split -b 1000000 --filter='gzip -1 >$FILE.gz' "$IN/noise" part.; }
