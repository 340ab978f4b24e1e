#!/usr/bin/env bash
# installed.sh DEB DIR SOURCES: installs the package for good, uses all of it, and removes it. For a root
# of its own; DIR, on a disk, is for the files.
# shellcheck disable=SC2016 # $LIB is for the dynamic linker
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../../support/lib.sh"
deb=$1 sources=$3
cd "$2"

# Some systems leave out documents and manual pages otherwise.
dpkg --path-include='*' -i "$deb" >dpkg.log || { cat dpkg.log; exit 1; }

# archive WAY COMMAND...: the command is tar's, and writes directly.
archive() {
  local way=$1
  shift
  rm -f out.tar report.json
  env "$@" tar cf "$PWD/out.tar" files || fail "$way: tar"
  cmp plain.tar out.tar || fail "$way: the archive is another one"
  grep -q '"bytes_written": *[1-9]' report.json || fail "$way: nothing was cached"
  ! on_disk . || grep -q '"bytes_direct": *[1-9]' report.json || fail "$way: nothing went direct"
}

settings=(SEQSHIM_MATCH="$PWD/out.tar" SEQSHIM_REPORT="$PWD/report.json")
make_files files 3 2
tar cf plain.tar files
archive "the command" seqshim -m "$PWD/out.tar" --report="$PWD/report.json" --
archive "by the library's name" LD_PRELOAD=libseqshim.so "${settings[@]}"
archive "by \$LIB" LD_PRELOAD='/usr/$LIB/libseqshim.so' "${settings[@]}"

[ ! -e "$sources/shim/cli/papers/seqshim.1" ] || [ -n "$(zcat /usr/share/man/man1/seqshim.1.gz)" ] ||
  fail "there is no seqshim(1)"
if have man && [ -e /usr/share/man/man1/seqshim.1.gz ]; then
  for page in "1 seqshim" "3 seqcache" "7 libseqshim"; do
    # shellcheck disable=SC2086
    man -w $page >/dev/null || fail "man $page"
  done
fi
for completion in bash-completion/completions/seqshim zsh/vendor-completions/_seqshim \
  fish/vendor_completions.d/seqshim.fish; do
  name=$(basename "$completion")
  [ "$name" != seqshim ] || name=seqshim.bash
  [ ! -e "$sources/shim/cli/papers/$name" ] || cmp "$sources/shim/cli/papers/$name" "/usr/share/$completion" ||
    fail "/usr/share/$completion isn't there"
done

# shellcheck disable=SC2046
cc -o usage "$sources/tests/seqcache_c_usage.c" $(pkg-config --cflags --libs seqcache)
./usage || fail "C by pkg-config"
bash "$here/consume.sh" CXX consumer-cxx
bash "$here/consume.sh" C consumer-c

for example in tar-backup seqcache; do
  SIZE=2M bash "/usr/share/doc/seqshim/examples/$example/run.sh" "$PWD/$example" >/dev/null ||
    fail "the example $example"
done

mapfile -t files < <(dpkg -L seqshim)
dpkg -r seqshim >dpkg.log || { cat dpkg.log; exit 1; }
for file in "${files[@]}"; do
  [ -d "$file" ] || [ ! -e "$file" ] || fail "$file is left"
done
