# shellcheck shell=bash disable=SC2034
# seek= without notrunc cuts an existing file at the place.
needs=dd
setup() { cp "$IN/noise-5M" f; cp "$IN/noise-5M" g; }
run() { dd if="$IN/text" of=f bs=10000 seek=30 status=noxfer; dd if="$IN/text" of=g bs=512 count=3 status=noxfer; }
