# shellcheck shell=bash disable=SC2034
# Thousands of read, seek and write in one descriptor, then ftruncate.
needs=tar
run() {
  cp "$IN/tree.tar" a.tar
  tar --delete -f a.tar tree/f65536 tree/deep/t512
  tar tf a.tar
}
