# shellcheck shell=bash disable=SC2034
needs=dd
run() { dd if="$IN/noise" of=f bs=512 status=noxfer; }
