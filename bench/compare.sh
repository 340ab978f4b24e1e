#!/usr/bin/env bash
# Two builds, one against the other: what has become slower?
#
#   compare.sh [-n ROUNDS] [--tolerance RATIO] [--seconds SECONDS] [--size MIB] [--files N] [--filter REGEX]
#              [--only micro|macro] [--dir DIR] [--build BUILD_DIR] OLD NEW
#
# OLD and NEW are build directories, or libseqshim.so files. The micro suite (CPU time per call; of
# seqcache_bench, where both directories have one, too) and four jobs (wall time to durable, and CPU time
# of their processes): dd in pieces of 10 KiB, dd in pieces of 64 bytes, tar, and a tar of many small
# files unpacked. In turns, the first of a round being the second of the next. What is worse: by more than
# RATIO (1.10) in the medians and in the best rounds as well, since on a busy machine either alone
# happens by chance. Then the exit code is 1.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"
# shellcheck source=bench/support/micro.sh
. "$root/bench/support/micro.sh"

rounds=5 tolerance=1.10 seconds=0.1 size=512 files=5000 filter=. only='' dir='' build=$root/build
builds=()
JOBS=(dd-10k dd-64 tar small-files)

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -n) rounds=$2; shift ;;
      --tolerance) tolerance=$2; shift ;;
      --seconds) seconds=$2; shift ;;
      --size) size=$2; shift ;;
      --files) files=$2; shift ;;
      --filter) filter=$2; shift ;;
      --only) only=$2; shift ;;
      --dir) dir=$2; shift ;;
      --build) build=$2; shift ;;
      -*) builds=(); break ;;
      *) builds+=("$1") ;;
    esac
    shift
  done
  [ ${#builds[@]} = 2 ] ||
    fail "usage: compare.sh [-n ROUNDS] [--tolerance RATIO] [--seconds SECONDS] [--size MIB] [--files N] [--filter REGEX] [--only micro|macro] [--dir DIR] [--build BUILD_DIR] OLD NEW"
}

library_of() {
  local library=$1
  [ ! -d "$library" ] || library=$library/libseqshim.so
  [ -e "$library" ] || fail "$library isn't there: build first"
  realpath "$library"
}

make_inputs() {
  memory_dir "$size"
  make_files "$MEMORY_DIR/files" 64 "$(((size + 63) / 64))"
  local i
  mkdir "$MEMORY_DIR/small"
  for ((i = 0; i < files; i++)); do
    head -c "$((i * 7919 % 65536))" "$MEMORY_DIR/files/file-1" >"$MEMORY_DIR/small/$i"
  done
  tar cf "$MEMORY_DIR/small.tar" -C "$MEMORY_DIR" small
  rm -r "$MEMORY_DIR/small"
}

# The jobs: they write below $out.
run_job() {
  case $1 in
    dd-10k) dd if=/dev/zero of="$out/out" bs=10k count=$((size * 1024 / 10)) status=none ;;
    dd-64) dd if=/dev/zero of="$out/out" bs=64 count=$((size * 1024)) status=none ;;
    tar) tar cf "$out/out" -C "$MEMORY_DIR" files ;;
    small-files) tar xf "$MEMORY_DIR/small.tar" -C "$out" ;;
  esac
}

to_durable() {
  (export LD_PRELOAD=$2 SEQSHIM_MATCH="$out/*"; run_job "$1")
  sync -f "$out"
}

# job_round LIBRARY RESULTS: appends "name ns" of each to the file RESULTS. Each run has a directory that is
# new, and none is removed before the end: where ext4 has just freed inodes, it looks at each of them
# before it takes another.
job_round() {
  local job wall user system
  for job in "${JOBS[@]}"; do
    out=$(mktemp -d "$work/out.XXXXXX")
    sync -f "$out"
    measured "$results/time" to_durable "$job" "$1"
    read -r wall user system <"$results/time"
    printf '%s\n' "$job,wall $wall" "$job,CPU $(awk "BEGIN {print $user + $system}")" |
      awk '{print $1, $2 * 1e9}' >>"$2"
    rm -f "$out/out"
  done
}

# one WHICH PATH: a round of the build.
one() {
  local library
  library=$(library_of "$2")
  if [ "$only" != macro ]; then
    micro_round "$build/bench/write_bench" "$library" "$results/$1"
    if [ -x "${builds[0]}/bench/seqcache_bench" ] && [ -x "${builds[1]}/bench/seqcache_bench" ]; then
      micro_round "$(realpath "$2")/bench/seqcache_bench" '' "$results/$1"
    fi
  fi
  [ "$only" = micro ] || job_round "$library" "$results/$1"
}

all_rounds() {
  local round
  for ((round = 0; round < rounds; round++)); do
    if ((round % 2)); then
      one new "${builds[1]}"
      one old "${builds[0]}"
    else
      one old "${builds[0]}"
      one new "${builds[1]}"
    fi
    note "round $((round + 1)) of $rounds"
  done
}

best() { awk -v name="$2" '$1 == name && (best == "" || $2 < best) {best = $2} END {print best}' "$results/$1"; }

# Prints the table; false if something has become worse.
print_table() {
  local name old new
  printf '| %d rounds, tolerance %s | old | new | new / old | of the best rounds | |\n|---|---:|---:|---:|---:|---|\n' \
    "$rounds" "$tolerance"
  while read -r name old new; do
    printf '%s %s %s %s %s\n' "$name" "$old" "$new" "$(best old "$name")" "$(best new "$name")"
  done < <(micro_join "$results/old" "$results/new") |
    awk -v tolerance="$tolerance" '
      function shown(ns) { return ns < 1e5 ? sprintf("%.1f ns", ns) : sprintf("%.3f ms", ns / 1e6) }
      function ratio(new, old) { return old > 0 ? new / old : 1 }
      {
        medians = ratio($3, $2)
        bests = ratio($5, $4)
        verdict = ""
        if (medians > tolerance && bests > tolerance) {
          verdict = "**worse**"
          worse++
        } else if (medians < 1 / tolerance && bests < 1 / tolerance) {
          verdict = "better"
        }
        sub(",", ", ", $1)
        printf "| %s | %s | %s | %.2f | %.2f | %s |\n", $1, shown($2), shown($3), medians, bests, verdict
      }
      END {exit worse > 0}'
}

main() {
  read_options "$@"
  library_of "${builds[0]}" >/dev/null
  library_of "${builds[1]}" >/dev/null
  SEQSHIM_TEST_LIB='' use_build "$build"
  build=$BUILD
  [ "$only" = macro ] || [ -x "$build/bench/write_bench" ] ||
    fail "$build/bench/write_bench isn't there: build with -DSEQSHIM_BENCH=ON"
  results=$(mktemp -d)
  work=$(mktemp -d "$(realpath "${dir:-$SCRATCH}")/compare.XXXXXX")
  dir=$work MEMORY_DIR=''
  trap 'rm -rf "$results" "$work" ${MEMORY_DIR:+"$MEMORY_DIR"}' EXIT
  [ "$only" = micro ] || make_inputs
  all_rounds
  print_table
}

main "$@"
