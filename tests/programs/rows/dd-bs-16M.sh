# shellcheck shell=bash disable=SC2034
needs=dd
run() {
  dd if=/dev/zero of=zeros bs=16M count=1 status=noxfer
  dd if="$IN/noise-5M" of=noise bs=16M status=noxfer
}
