# shellcheck shell=bash disable=SC2034
needs=dd
run() {
  dd if="$IN/noise" of=blocks bs=1000 seek=777 status=noxfer
  dd if="$IN/noise" of=bytes bs=10240 oflag=seek_bytes seek=12345 status=noxfer
  dd if=/dev/null of=only-size bs=1 seek=3000000 status=noxfer
}
