# shellcheck shell=bash disable=SC2034
needs=dd
run() {
  dd if="$IN/text" of=f conv=excl status=noxfer
  code dd if="$IN/text" of=f conv=excl status=noxfer
  code dd if="$IN/text" of=none conv=nocreat status=noxfer
  code dd if="$IN/text" of=no/such/dir status=noxfer
}
