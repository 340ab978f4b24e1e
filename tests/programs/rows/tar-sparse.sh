# shellcheck shell=bash disable=SC2034
needs=tar
run() {
  tar -Scf a.tar -C "$IN" tree sparse
  # The default header names have a process number in them.
  tar --posix --sparse-version=0.0 --pax-option=exthdr.name=%d/pax/%f,delete=atime,delete=ctime \
    -Scf b.tar -C "$IN" sparse
}
