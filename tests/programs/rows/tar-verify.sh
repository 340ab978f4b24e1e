# shellcheck shell=bash disable=SC2034
# fsync, then reads everything again.
needs=tar
run() { tar -cWf a.tar -C "$IN" tree; }
title='tar cWf'
residue='tar reads it again'
large() { tar -cWf a.tar -C "$IN" large-tree; }
