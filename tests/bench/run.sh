#!/usr/bin/env bash
# Whether the benchmarks work, with next to nothing to measure.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all
# shellcheck disable=SC2016 # what stands in single quotes is Markdown or Python
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

# ladder OPTION...: what it prints is in $WORK/table, and the same as JSON in $WORK/json.
ladder() {
  need python3 cc
  python3 "$here/../../bench/ladder.py" --quick --size 4 --build "$BUILD" --dir "$WORK" \
    --json "$WORK/json" "$@" >"$WORK/table" 2>"$WORK/errors" || { cat "$WORK/errors"; return 1; }
}

# json EXPRESSION: of the report `r`; fails unless it is true.
json() {
  python3 -c "import json, sys; r = json.load(open(sys.argv[1])); sys.exit(not ($1))" "$WORK/json" ||
    fail "not so: $1"
}

test_ladder() {
  ladder --rungs buffered,piped,seqshim,devnull,direct,limit dd-10k tar
  for title in '`dd bs=10k` from /dev/zero' '### `tar cf` of' '| buffered |' '| seqshim |'; do
    grep -qF -- "$title" "$WORK/table" || fail "the table has no $title"
  done
  json 'set(r["workloads"]) == {"dd-10k", "tar"}'
  json 'all(row["mb_per_s"]["median"] > 0 for t in r["workloads"].values() for row in t["rows"].values())'
  json 'not any(row["wrong"] for t in r["workloads"].values() for row in t["rows"].values())'
  json 'r["workloads"]["dd-10k"]["rows"]["buffered"]["latency_ns"]["p50"]["median"] > 0'
  have strace || return 0
  json '90 < r["workloads"]["dd-10k"]["rows"]["buffered"]["calls_per_mib"] < 110'
  json 'r["workloads"]["dd-10k"]["rows"]["seqshim"]["calls_per_mib"] < 30'
}

test_help() {
  need python3
  local bench
  for bench in "$here"/../../bench/*.py; do
    "$bench" --help >"$WORK/help" 2>&1 || { cat "$WORK/help"; fail "$bench --help"; }
  done
}

test_ladder_trees() {
  ladder --rungs buffered,seqshim --files 50 --no-calls untar-small untar-mixed two-writers
  json 'len(r["workloads"]) == 3'
}

test_ladder_page_cache() {
  on_disk "$WORK" || skip "$WORK is on a file system that keeps files in memory"
  ladder --rungs buffered,seqshim --no-calls dd-10k
  json 'r["workloads"]["dd-10k"]["rows"]["buffered"]["left_mib"]["median"] > 3.9'
  json 'r["workloads"]["dd-10k"]["rows"]["seqshim"]["left_mib"]["median"] < 0.1'
}

test_ladder_plots() {
  need gnuplot
  ladder --rungs buffered,seqshim --no-calls --plots "$WORK/plots" dd-10k
  for plot in throughput cpu page-cache latency; do
    grep -q '</svg>' "$WORK/plots/$plot.svg" || fail "there is no $plot.svg"
    file -b "$WORK/plots/$plot.png" | grep -q '^PNG image' || fail "there is no $plot.png"
  done
}

# A row that is wrong says so.
test_ladder_notices() {
  need cc
  cc -shared -fPIC -o "$WORK/flip.so" "$here/support/flip.c" -ldl
  ! ladder --rungs buffered --also "flipped:LD_PRELOAD=$WORK/flip.so" --no-calls dd-10k ||
    fail "wrong output isn't noticed"
  json 'r["workloads"]["dd-10k"]["rows"]["flipped"]["wrong"]'
  json 'not r["workloads"]["dd-10k"]["rows"]["buffered"]["wrong"]'
  grep -q 'flipped \*\*WRONG: ' "$WORK/table" || fail "the table says nothing of it"
}

TESTS_DIR=bench
run_tests "$@"
