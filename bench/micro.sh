#!/usr/bin/env bash
# The micro suite: what one call costs, in CPU time, plain and preloaded.
#
#   micro.sh [-n ROUNDS] [--seconds SECONDS] [--filter REGEX] [--dir DIR] [--build BUILD_DIR]
#
# bench/write_bench in turn without and with the library, each benchmark for at least so many SECONDS
# (0.2); medians. CPU is the calling thread's, so that waiting for the device isn't in it; of
# start_process it is the child's. Then what one call costs beyond what it can't do without: the copy,
# the lseek, the system call of a plain run. The core and the patterns, which need no library to be
# preloaded, come last, as Google Benchmark prints them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"
# shellcheck source=bench/support/micro.sh
. "$root/bench/support/micro.sh"

rounds=5 seconds=0.2 filter=. dir='' build=$root/build

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -n) rounds=$2; shift ;;
      --seconds) seconds=$2; shift ;;
      --filter) filter=$2; shift ;;
      --dir) dir=$2; shift ;;
      --build) build=$2; shift ;;
      *) fail "usage: micro.sh [-n ROUNDS] [--seconds SECONDS] [--filter REGEX] [--dir DIR] [--build BUILD_DIR]" ;;
    esac
    shift
  done
}

print_table() {
  printf '| CPU ns per call, %d rounds | plain | seqshim | more |\n|---|---:|---:|---:|\n' "$rounds"
  micro_join "$results/plain" "$results/shim" |
    awk '{printf "| %s | %.1f | %.1f | %+.1f |\n", $1, $2, $3, $3 - $2}'
}

# beyond WHAT NAME BASIS plain|shim: a row, if both are there.
beyond() {
  local floor value
  value=$(micro_median "$results/shim" "$2")
  floor=$(micro_median "$results/$4" "$3")
  [ -n "$value" ] && [ -n "$floor" ] || return 0
  awk -v what="$1" -v v="$value" -v f="$floor" 'BEGIN {printf "| %s | %.1f |\n", what, v - f}'
}

print_differences() {
  printf '\n| beyond what is due | ns |\n|---|---:|\n'
  beyond 'owned write of 64 bytes, beyond memcpy' owned/64 copy_alone/64 shim
  beyond 'claimed write of 64 bytes, beyond lseek' claimed/64 shared_lseek shim
  beyond 'unmanaged write, beyond plain' unmanaged unmanaged plain
  beyond 'process start, beyond plain' start_process start_process plain
}

main() {
  local round
  read_options "$@"
  use_build "$build"
  [ -x "$BUILD/bench/write_bench" ] || fail "$BUILD/bench/write_bench isn't there: build with -DSEQSHIM_BENCH=ON"
  dir=$(realpath "${dir:-$SCRATCH}")
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
  for ((round = 0; round < rounds; round++)); do
    micro_round "$BUILD/bench/write_bench" '' "$results/plain"
    micro_round "$BUILD/bench/write_bench" "$LIB" "$results/shim"
    note "round $((round + 1)) of $rounds"
  done
  print_table
  print_differences
  for name in seqcache_bench pattern_bench; do
    "$BUILD/bench/$name" --benchmark_min_time="$seconds" --benchmark_filter="$filter" 2>/dev/null || true
  done
}

main "$@"
