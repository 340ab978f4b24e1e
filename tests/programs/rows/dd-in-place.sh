# shellcheck shell=bash disable=SC2034
# Reads and writes one file by two descriptors, then reads what it wrote.
needs=dd
run() {
  dd if="$IN/text" of=f bs=1000 status=noxfer
  dd if=f of=f bs=1000 conv=notrunc,ucase status=noxfer
  dd if=f of=g bs=4096 skip=3 status=noxfer
  dd if=f of=f bs=1000 count=300 seek=2100 conv=notrunc status=noxfer
}
