# shellcheck shell=bash disable=SC2034
# The archive is the output of a shell that tar starts.
needs='tar gzip'
run() { tar --use-compress-program='gzip -1n | cat' -cf a.tgz -C "$IN" tree; }
