# shellcheck shell=bash disable=SC2034
needs=dd
run() {
  dd if="$IN/sparse" of=a bs=4096 conv=sparse status=noxfer
  dd if="$IN/sparse" of=b bs=64K conv=sparse status=noxfer
  dd if="$IN/sparse" bs=512 conv=sparse status=noxfer >c
}
