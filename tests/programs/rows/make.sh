# shellcheck shell=bash disable=SC2034

# Every job's writes are whole lines, in one description that no job closes last.
# make sets O_APPEND on its output, which passes through.
managed=no
needs='make perl'
setup() {
  { printf 'all:'; printf ' t%d' $(seq 24); printf '\n'; } >Makefile
  cat >>Makefile <<'END'
t%:
	@echo start $@; seq 100 | sed "s|^|$@ |"; echo end $@
	@perl -e 'syswrite STDOUT, "$$ARGV[0] $$_\n" x 50 for 1 .. 100' $@
END
}
run() {
  make -s -j4 >log
  make -j4 --output-sync=target >synced 2>&1
}
normalise() { sort_in_place log synced; }
