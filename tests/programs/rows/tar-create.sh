# shellcheck shell=bash disable=SC2034
# creat and 10240-byte writes.
needs=tar
run() { tar cvf a.tar -C "$IN" tree; }
title='tar cf'
large() { tar cf a.tar -C "$IN" large-tree; }
