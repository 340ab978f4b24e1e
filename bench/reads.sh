#!/usr/bin/env bash
# What reading past the page cache costs: `tar cf` of a tree into a pipe, plain and with SEQSHIM_READ,
# in turns, with nothing of the tree in the page cache ("cold") and with all of it ("warm").
#
#   reads.sh [-n ROUNDS] [BUILD_DIR]
#
# Prints a Markdown table: medians of the wall time and of tar's CPU time, and what of the tree was in
# the page cache before and after. The trees: 256 files of 4 MiB; 20,000 of up to 16 KiB.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

rounds=5
while getopts n: option; do
  case $option in
    n) rounds=$OPTARG ;;
    *) fail "usage: reads.sh [-n ROUNDS] [BUILD_DIR]" ;;
  esac
done
shift $((OPTIND - 1))
use_build "${1:-$root/build}"
need fincore python3
fresh_dir reads

make_small_files() {
  python3 - "$1" <<'EOF'
import os, random, sys
random.seed(1)
for i in range(200):
    os.makedirs(f"{sys.argv[1]}/{i}")
    for j in range(100):
        with open(f"{sys.argv[1]}/{i}/{j}", "wb") as file:
            file.write(os.urandom(random.randint(0, 16384)))
EOF
}

# forget TREE: nothing of it stays in the page cache.
forget() {
  python3 - "$1" <<'EOF'
import os, sys
for where, _, names in os.walk(sys.argv[1]):
    for name in names:
        fd = os.open(os.path.join(where, name), os.O_RDONLY)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)
EOF
}
mib_cached() {
  find "$1" -type f -print0 | xargs -0 fincore -b -n -o RES |
    awk '{bytes += $1} END {printf "%.1f\n", bytes / 1048576}'
}

archive() { tar cf - -C "$WORK" "$1" | cat >/dev/null; }

# once TREE STATE WAY: adds a line "wall cpu before after" to the file of that name.
once() {
  local name="$WORK/$1.$2.$3" before
  if [ "$2" = cold ]; then forget "$WORK/$1"; else archive "$1"; fi
  before=$(mib_cached "$WORK/$1")
  # shellcheck disable=SC2016
  if [ "$3" = plain ]; then
    measured "$WORK/times" bash -c 'tar cf - -C "$0" "$1" | cat >/dev/null' "$WORK" "$1"
  else
    measured "$WORK/times" bash -c \
      'LD_PRELOAD=$2 SEQSHIM_READ="$0/*" tar cf - -C "$0" "$1" | cat >/dev/null' "$WORK" "$1" "$LIB"
  fi
  awk -v before="$before" -v after="$(mib_cached "$WORK/$1")" \
    '{print $1, $2 + $3, before, after}' "$WORK/times" >>"$name"
}

column() { cut -d' ' -f"$2" "$1" | median; }

make_files "$WORK/large" 256 4
make_small_files "$WORK/small"
sync -f "$WORK"
for ((round = 0; round < rounds; round++)); do
  for tree in large small; do
    for state in cold warm; do
      for way in plain seqshim; do once $tree $state $way; done
    done
  done
done

printf '| tree | | way | wall s | CPU s | MiB cached before | after |\n|---|---|---|---:|---:|---:|---:|\n'
for tree in large small; do
  for state in cold warm; do
    for way in plain seqshim; do
      file=$WORK/$tree.$state.$way
      printf '| %s | %s | %s | %.2f | %.2f | %.1f | %.1f |\n' $tree $state $way "$(column "$file" 1)" \
        "$(column "$file" 2)" "$(column "$file" 3)" "$(column "$file" 4)"
    done
  done
done
rm -rf "$WORK"
