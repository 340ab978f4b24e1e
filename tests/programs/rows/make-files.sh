# shellcheck shell=bash disable=SC2034
needs=make
run() {
  { printf 'all: sum\nsum:'; printf ' t%d' $(seq 30); printf '\n\tcat $^ >$@\n'
    printf 't%d:\n\tseq 3000 >$@\n' $(seq 30); } >Makefile
  make -s -j4; make -s; make -n
}
