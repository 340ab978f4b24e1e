# shellcheck shell=bash disable=SC2034
# The archive is the output of a shell that tar starts.
needs='tar gzip'
run() { tar --use-compress-program='gzip -1n | cat' -cf a.tgz -C "$IN" tree; }
title='tar -I lz4'
large() { tar -I lz4 -cf a.tlz4 -C "$IN" large-tree; }
