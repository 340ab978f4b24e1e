# shellcheck shell=bash disable=SC2034
needs=dd
setup() { cp "$IN/noise-5M" f; }
run() {
  dd if="$IN/text" of=f bs=10000 seek=123 conv=notrunc status=noxfer
  dd if="$IN/text" of=f bs=4096 seek=700 count=100 conv=notrunc status=noxfer
  dd if="$IN/text" of=f bs=333 seek=9 count=1 conv=notrunc status=noxfer
}
