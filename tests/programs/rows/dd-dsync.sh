# shellcheck shell=bash disable=SC2034
needs=dd
managed=no
run() { dd if="$IN/noise" of=f bs=128K oflag=dsync status=noxfer; dd if="$IN/noise" of=g bs=128K oflag=sync status=noxfer; }
