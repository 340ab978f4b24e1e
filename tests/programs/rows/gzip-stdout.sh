# shellcheck shell=bash disable=SC2034
needs=gzip
run() { gzip -9c "$IN/text" >a.gz; gzip -1n <"$IN/noise" >b.gz; cat "$IN/text" | gzip >c.gz; }
