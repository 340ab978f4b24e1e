# shellcheck shell=bash disable=SC2034
# fsync, then reads everything again.
needs=tar
run() { tar -cWf a.tar -C "$IN" tree; }
