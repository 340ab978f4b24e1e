# shellcheck shell=bash disable=SC2034
needs=dd
run() { dd if="$IN/noise" of=f ibs=777 obs=3333 status=noxfer; }
