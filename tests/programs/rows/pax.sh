# shellcheck shell=bash disable=SC2034
needs=pax
mtimes='x/.*[0-9]'
run() { cd "$IN"; pax -w -x ustar -f "$OUT/a.pax" tree src; mkdir "$OUT/x"; cd "$OUT/x"; pax -r -pe -f ../a.pax; }
title='pax -w'
large() { cd "$IN" && pax -w -x ustar -f "$OUT/a.pax" large-tree; }
