#!/usr/bin/env bash
# What the preload costs a process that writes no managed file.
#
#   startup.sh [-n ROUNDS] [--build BUILD_DIR]
#
# `bash -c` with 200 x /bin/true, plain and preloaded with a pattern that matches nothing, in turn.
# Prints the medians in ms per process and their difference.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

rounds=11 build=$root/build
readonly PROCESSES=200

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -n) rounds=$2; shift ;;
      --build) build=$2; shift ;;
      *) fail "usage: startup.sh [-n ROUNDS] [--build BUILD_DIR]" ;;
    esac
    shift
  done
}

# one NAME COMMAND...: the wall milliseconds per process go to $results/NAME.
one() {
  local name=$1 wall
  shift
  measured "$results/time" "$@" bash -c "for i in \$(seq $PROCESSES); do /bin/true; done"
  read -r wall _ <"$results/time"
  awk -v w="$wall" -v n="$PROCESSES" 'BEGIN {printf "%.5f\n", w * 1000 / n}' >>"$results/$name"
}

main() {
  local round
  read_options "$@"
  use_build "$build"
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
  for ((round = 0; round < rounds; round++)); do
    one plain env
    one preloaded env ${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="/no/such/file"
    one inert env ${LIB:+LD_PRELOAD="$LIB"}
  done
  printf '| %d x /bin/true, %d rounds | ms per process | more than plain |\n|---|---:|---:|\n' "$PROCESSES" "$rounds"
  for name in plain preloaded inert; do
    awk -v name="$name" -v ms="$(median <"$results/$name")" -v plain="$(median <"$results/plain")" \
      'BEGIN {printf "| %s | %.3f | %+.3f |\n", name, ms, ms - plain}'
  done
}

main "$@"
