# shellcheck shell=bash disable=SC2034
needs=rsync
mtimes='text|noise'
setup() { head -c 1000000 "$IN/text" >text; cp "$IN/noise-5M" noise; printf changed | dd of=text bs=1 seek=5000 conv=notrunc status=none; touch -d 2001-01-01 text noise; }
run() { rsync -a --inplace --no-whole-file "$IN/text" "$IN/noise" .; }
title='rsync --inplace'
large() { rsync --inplace "$IN/large" a; }
