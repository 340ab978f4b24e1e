# shellcheck shell=bash disable=SC2034
needs=dd
run() {
  dd if="$IN/text" of=upper conv=ucase,swab bs=1000 status=noxfer
  dd if="$IN/small-text" of=records conv=block cbs=100 status=noxfer
}
