# shellcheck shell=bash disable=SC2034
needs='mke2fs e2fsck tune2fs debugfs'
run() {
  export E2FSPROGS_FAKE_TIME=1600000000
  mke2fs -q -F -t ext4 -U 01234567-89ab-cdef-0123-456789abcdef -d "$IN/src" \
    -E hash_seed=01234567-89ab-cdef-0123-456789abcdef,lazy_itable_init=0 image 8M
  tune2fs -L label image
  debugfs -w -R "write $IN/small-text added" image
  e2fsck -fn image
}
title='mke2fs -d'
large() {
  export E2FSPROGS_FAKE_TIME=1600000000
  mke2fs -q -F -t ext4 -U 01234567-89ab-cdef-0123-456789abcdef -d "$IN/large-tree" \
    -E hash_seed=01234567-89ab-cdef-0123-456789abcdef,lazy_itable_init=0 image 32M
}
