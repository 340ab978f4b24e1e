# shellcheck shell=bash disable=SC2034
needs=rsync
mtimes='tree/.*'
run() { rsync -aH "$IN/tree" .; rsync -aH "$IN/tree" .; }
title='rsync -a'
large() { rsync -a "$IN/large-tree" .; }
