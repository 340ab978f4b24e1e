#!/usr/bin/env bash
# What the first byte costs that a process caches: the pool, and the guard, which is a fork.
#
#   first_write.sh [-n ROUNDS] [--dir DIR] [--build BUILD_DIR]
#
# A C program with 0 to 500 MiB of memory in use creates a file, writes 100 bytes to it, and then
# changes all of its memory, of which pages that are shared with a copy must be copied. Plain, with a
# guard and without, in turn; medians, in ms. (By default the first 64 KiB of a file aren't cached.)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

rounds=11 dir='' build=$root/build
readonly SIZES=(0 10 100 500)

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -n) rounds=$2; shift ;;
      --dir) dir=$2; shift ;;
      --build) build=$2; shift ;;
      *) fail "usage: first_write.sh [-n ROUNDS] [--dir DIR] [--build BUILD_DIR]" ;;
    esac
    shift
  done
}

compile_program() {
  "${CC:-cc}" -O2 -x c -o "$results/program" - <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* program FILE MIB: prints the ms that the first write takes, and those of changing the memory. */
int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const size_t bytes = (size_t)atol(argv[2]) << 20;
  char* const memory = malloc(bytes + 1);
  memset(memory, 1, bytes + 1);
  const char record[100] = "x";
  const int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const double start = now();
  if (write(fd, record, sizeof record) != sizeof record) return 1;
  const double written = now();
  for (size_t at = 0; at < bytes; at += 4096) memory[at] = 2;
  printf("%.4f %.4f\n", written - start, now() - written);
  return close(fd);
}
C
}

# one SIZE NAME COMMAND...
one() {
  local to=$results/$1.$2
  "${@:3}" "$results/program" "$out" "$1" >>"$to"
}

column() { awk -v c="$3" '{print $c}' "$results/$1.$2" | median; }

main() {
  local round size name
  read_options "$@"
  use_build "$build"
  dir=$(realpath "${dir:-$SCRATCH}")
  results=$(mktemp -d)
  out=$dir/seqshim-first-write.$$
  trap 'rm -rf "$results" "$out"' EXIT
  compile_program
  for ((round = 0; round < rounds; round++)); do
    for size in "${SIZES[@]}"; do
      one "$size" plain env
      one "$size" guarded env ${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="$out" SEQSHIM_DIRECT_MIN=0
      one "$size" unguarded env ${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="$out" SEQSHIM_DIRECT_MIN=0 SEQSHIM_GUARD=off
    done
  done
  printf '| MiB in use | first write, ms: plain | no guard | guard | all memory changed, ms: plain | no guard | guard |\n|---:|---:|---:|---:|---:|---:|---:|\n'
  for size in "${SIZES[@]}"; do
    printf '| %d ' "$size"
    for column in 1 2; do
      for name in plain unguarded guarded; do printf '| %.3f ' "$(column "$size" "$name" "$column")"; done
    done
    printf '|\n'
  done
}

main "$@"
