# shellcheck shell=bash disable=SC2034
needs=awk
run() {
  awk '{print > ("file" NR % 20)}' "$IN/text"
  awk 'NR % 100 == 0 {f = "closed" NR % 3; print >> f; close(f)}' "$IN/text"
  awk '{print | "sort >piped"} END {close("sort >piped"); print NR > "count"}' "$IN/text"
  awk 'BEGIN {printf "%0300000d", 7 > "long"; system("wc -c <long"); print "more" > "long"; fflush(); system("wc -c <long")}'
}
title='awk to 10 files'
large() { awk "{print > (\"file\" NR % 10)}" "$IN/large-text"; }
