# shellcheck shell=bash disable=SC2034
# tar creates, dups to 1, forks and execs; gzip writes and closes, a shell may still hold it.
needs='tar gzip'
run() { tar -czf a.tgz -C "$IN" tree noise; }
title='tar czf'
large() { tar -czf a.tgz -C "$IN" large-tree; }
