# shellcheck shell=bash disable=SC2034
needs=tar
run() {
  tar -b1 -cf b1.tar -C "$IN" tree
  tar -b7 -cf b7.tar -C "$IN" tree
  tar -b2048 -cf b2048.tar -C "$IN" tree
}
