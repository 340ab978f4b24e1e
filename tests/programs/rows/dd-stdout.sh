# shellcheck shell=bash disable=SC2034
needs=dd
run() {
  dd if="$IN/noise" bs=10240 status=noxfer >f
  dd if="$IN/noise" bs=10240 status=noxfer >>f
  { dd if="$IN/text" bs=100 count=777 status=noxfer; dd if="$IN/noise" bs=999 count=777 status=noxfer; } >group
}
