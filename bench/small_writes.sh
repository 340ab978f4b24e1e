#!/usr/bin/env bash
# Small writes, close included: ns per write(), plain against shim.
#
#   small_writes.sh [-n ROUNDS] [--bytes BYTES] [--count WRITES] [--dir DIR] [--build BUILD_DIR]
#
# Two programs: a C loop of nothing but write() of 64 bytes and a close (needs a compiler), and
# `dd bs=64`, which also reads each block from /dev/zero. Interleaved rounds, medians.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

rounds=5 bytes=64 count=4000000 dir='' build=$root/build

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -n) rounds=$2; shift ;;
      --bytes) bytes=$2; shift ;;
      --count) count=$2; shift ;;
      --dir) dir=$2; shift ;;
      --build) build=$2; shift ;;
      *) fail "usage: small_writes.sh [-n ROUNDS] [--bytes BYTES] [--count WRITES] [--dir DIR] [--build BUILD_DIR]" ;;
    esac
    shift
  done
}

compile_loop() {
  "${CC:-cc}" -O2 -x c -o "$results/loop" - <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* loop FILE BYTES COUNT: prints ns per write, open and close included. */
int main(int argc, char** argv) {
  static char piece[1 << 20];
  if (argc != 4) return 2;
  const size_t bytes = (size_t)atol(argv[2]);
  const long count = atol(argv[3]);
  const double start = now();
  const int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (long i = 0; i < count; ++i) {
    if (write(fd, piece, bytes) != (ssize_t)bytes) return 1;
  }
  if (close(fd) != 0) return 1;
  printf("%.2f\n", (now() - start) / (double)count);
  return 0;
}
C
}

loop() { "$@" "$results/loop" "$out" "$bytes" "$count"; }

with_dd() {
  local wall
  measured "$results/time" "$@" dd if=/dev/zero of="$out" bs="$bytes" count="$count" status=none
  read -r wall _ <"$results/time"
  awk -v w="$wall" -v n="$count" 'BEGIN {printf "%.2f\n", w * 1e9 / n}'
}

# one PROGRAM NAME COMMAND...
one() {
  local program=$1 name=$2
  shift 2
  rm -f "$out"
  sync -f "$dir"
  "$program" "$@" >>"$results/$program.$name"
  rm -f "$out"
}

print_row() {
  awk -v title="$2" -v plain="$(median <"$results/$1.plain")" -v shim="$(median <"$results/$1.shim")" \
    'BEGIN {printf "| %s | %.1f | %.1f | %.1f |\n", title, plain, shim, plain / shim}'
}

main() {
  local round program
  read_options "$@"
  use_build "$build"
  dir=$(realpath "${dir:-$SCRATCH}")
  results=$(mktemp -d)
  out=$dir/seqshim-small-writes.$$
  trap 'rm -rf "$results" "$out"' EXIT
  programs=(with_dd)
  if have "${CC:-cc}"; then compile_loop; programs=(loop with_dd); fi
  for ((round = 0; round < rounds; round++)); do
    for program in "${programs[@]}"; do
      one "$program" plain env
      one "$program" shim env ${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="$out"
    done
  done
  printf '| %d writes of %d bytes, close included, %d rounds | plain, ns | seqshim, ns | plain / seqshim |\n|---|---:|---:|---:|\n' \
    "$count" "$bytes" "$rounds"
  for program in "${programs[@]}"; do
    case $program in
      loop) print_row loop 'write() in a C loop' ;;
      with_dd) print_row with_dd "dd bs=$bytes from /dev/zero" ;;
    esac
  done
}

main "$@"
