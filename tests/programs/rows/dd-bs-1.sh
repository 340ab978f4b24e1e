# shellcheck shell=bash disable=SC2034
needs=dd
run() { dd if="$IN/noise" of=f bs=1 count=9001 status=noxfer; }
