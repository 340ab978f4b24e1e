# shellcheck shell=bash disable=SC2034
# seek= on an inherited descriptor is lseek, and ftruncate without notrunc.
needs=dd
setup() { cp "$IN/noise" over; cp "$IN/noise" kept; }
run() {
  dd if="$IN/text" bs=1000 seek=50 status=noxfer >new
  dd if="$IN/text" bs=1000 seek=50 status=noxfer 1<>over
  dd if="$IN/text" bs=1000 seek=50 conv=notrunc status=noxfer 1<>kept
}
