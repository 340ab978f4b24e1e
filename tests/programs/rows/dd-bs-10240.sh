# shellcheck shell=bash disable=SC2034
needs=dd
run() { dd if="$IN/noise-5M" of=f bs=10240 status=noxfer; }
