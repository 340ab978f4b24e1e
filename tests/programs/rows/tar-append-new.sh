# shellcheck shell=bash disable=SC2034
# Everything by the shim: the archive is made, appended to and listed.
needs=tar
run() {
  tar cf a.tar -C "$IN" src
  for i in 1 2 3 4 5; do tar rf a.tar -C "$IN" small-text text; done
  tar tvf a.tar
}
