#!/usr/bin/env bash
# Other projects' own test suites: what passes without the shim has to pass with it, test by test.
#
#   run.sh BUILD_DIR [SUITE...]     suites: cpython, tar, coreutils (all of them if none is named)
#
# Each suite runs three times: plain, with the shim at its defaults, and with the smallest clusters
# (4 KiB, direct from the first one on); every file is matched, and everything is preloaded: shells,
# make, interpreters, the tests' helpers. A test that passes plain and not with the shim runs again
# alone, both ways, up to three times. If it passes with the shim, or fails without it, it is
# unsteady: it is named, and counts for nothing. Else it is a difference, and the exit code is 1,
# unless the suite's file lists it as a documented exception, with the reason.
#
# Sources and test files come from Debian: by apt-get, from the machine's own package sources.
# What is fetched and built stays in SCRATCH/upstream, so that a second run is quick.
# About 20 minutes on 2 cores, so it is no part of the short run of all tests. As root, coreutils'
# tests run as an ordinary user, since most of them refuse root.
#
#   UPSTREAM_MODES="plain shim"     leaves out the smallest clusters
#   UPSTREAM_UNITS="test_io ..."    only these modules, tests or numbers
#
# A suite's file defines
#   prepare_SUITE              fetches and builds
#   units_SUITE                prints what can be run on its own, one name a line
#   run_SUITE OUT UNIT...      runs them with "${PRELOAD[@]}", adds "test<TAB>pass|skip|fail" lines
#                              to OUT/results, and leaves logs in OUT
#   units_of_SUITE TEST...     prints units that have the tests
#   exceptions_SUITE           prints "test: reason" lines; the test is a glob
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"
# shellcheck source=tests/upstream/sources.sh
. "$here/sources.sh"
for file in "$here"/suites/*.sh; do
  # shellcheck source=/dev/null
  . "$file"
done

JOBS=$(nproc)
read -r -a MODES <<<"${UPSTREAM_MODES:-plain shim small}"

# preload MODE: sets PRELOAD, the words that go before a command.
# shellcheck disable=SC2034
preload() {
  case $1 in
    plain) PRELOAD=(env) ;;
    shim) PRELOAD=(env LD_PRELOAD="$PRELOADED" SEQSHIM_MATCH='/*') ;;
    small)
      PRELOAD=(env LD_PRELOAD="$PRELOADED" SEQSHIM_MATCH='/*' SEQSHIM_CLUSTER=4K
        SEQSHIM_DIRECT_MIN=0)
      ;;
    *) fail "no such mode: $1" ;;
  esac
}

# at_work OUT: whether what is preloaded does what it is there for.
at_work() {
  "${PRELOAD[@]}" SEQSHIM_REPORT="$1/probe.json" dd if=/dev/zero of="$1/probe" bs=10k count=200 \
    status=none
  grep -q '"direct_writes":[1-9]' "$1/probe.json"
  rm "$1"/probe*
}

# run_mode MODE: all units of $suite.
run_mode() {
  local out=$RESULTS/$1 start=$SECONDS
  preload "$1"
  rm -rf "$out"
  mkdir -p "$out"
  chmod 1777 "$out"
  : >"$out/results"
  [ "$1" = plain ] || at_work "$out" || fail "nothing is written directly in $out"
  "run_$suite" "$out" "${units[@]}"
  sort -o "$out/results" "$out/results"
  note "$suite, $1: $(count "$out" pass) of $(wc -l <"$out/results") pass," \
    "$((SECONDS - start)) s"
}

# count OUT RESULT
count() { awk -F'\t' -v wanted="$2" '$2 == wanted {++n} END {print n + 0}' "$1/results"; }

# differing MODE: the tests that pass plain, and not in MODE.
differing() {
  awk -F'\t' 'NR == FNR {if ($2 == "pass") passed[$1] = 1; next}
    $2 == "pass" {delete passed[$1]} END {for (test in passed) print test}' \
    "$RESULTS/plain/results" "$RESULTS/$1/results" | sort
}

passes_in() { # OUT TEST
  awk -F'\t' -v test="$2" '$1 == test && $2 == "pass" {found = 1} END {exit !found}' "$1/results"
}

# run_again MODE ROUND UNIT...: into $out.
run_again() {
  out=$RESULTS/again-$1-$2
  preload "$1"
  rm -rf "$out"
  mkdir -p "$out"
  chmod 1777 "$out"
  : >"$out/results"
  "run_$suite" "$out" "${@:3}"
}

# settle MODE TEST...: runs the tests' units again, both ways, and leaves in `differences` what
# keeps differing, in `unsteady` the rest.
settle() {
  local mode=$1 round test still rerun
  shift
  differences=("$@")
  unsteady=()
  for round in 1 2 3; do
    [ ${#differences[@]} -gt 0 ] || return 0
    note "$suite, $mode: ${#differences[@]} differ, run again ($round of 3)"
    mapfile -t rerun < <("units_of_$suite" "${differences[@]}")
    local out
    run_again "$mode" "$round" "${rerun[@]}"
    local with=$out
    run_again plain "$round" "${rerun[@]}"
    still=()
    for test in "${differences[@]}"; do
      if passes_in "$with" "$test" || ! passes_in "$out" "$test"; then
        unsteady+=("$test")
      else
        still+=("$test")
      fi
    done
    differences=("${still[@]}")
  done
}

# reason_of TEST: why it is an exception; false if it isn't.
reason_of() {
  local pattern reason
  while IFS= read -r line; do
    pattern=${line%%: *}
    reason=${line#*: }
    # shellcheck disable=SC2053  # a glob
    if [[ $1 == $pattern ]]; then
      printf '%s' "$reason"
      return 0
    fi
  done < <("exceptions_$suite")
  return 1
}

# needless MODE: the tests that are exceptions, and pass all the same.
needless() {
  local exception test
  while IFS= read -r exception; do
    while IFS= read -r test; do
      # shellcheck disable=SC2053  # a glob
      [[ $test != ${exception%%: *} ]] || printf '%s\n' "$test"
    done < <(awk -F'\t' '$2 == "pass" {print $1}' "$RESULTS/$1/results")
  done < <("exceptions_$suite")
}

# compare MODE: a row of the table, and its differences by name. An exception needs no second try.
compare() {
  local mode=$1 differing needless differences=() unsteady=() test reason details=()
  mapfile -t differing < <(differing "$mode")
  for test in "${differing[@]}"; do
    if reason=$(reason_of "$test"); then
      details+=("    exception: $test: $reason")
    else
      differences+=("$test")
    fi
  done
  mapfile -t needless < <(needless "$mode")
  for test in "${needless[@]}"; do details+=("    exception: $test passes this time"); done
  settle "$mode" "${differences[@]}"
  for test in "${unsteady[@]}"; do details+=("    unsteady:  $test"); done
  for test in "${differences[@]}"; do details+=("    DIFFERS:   $test"); done
  table+=("$(printf '%-10s %-6s %6d %8d %8d %8d %8d' "$suite" "$mode" \
    "$(wc -l <"$RESULTS/plain/results")" "$(count "$RESULTS/plain" pass)" \
    "$(count "$RESULTS/$mode" pass)" "${#unsteady[@]}" "${#differences[@]}")" "${details[@]}")
  [ ${#differences[@]} = 0 ] || code=1
}

run_suite() {
  suite=$1
  RESULTS=$CACHE/results/$suite
  note "$suite: preparing"
  "prepare_$suite"
  if [ -n "${UPSTREAM_UNITS:-}" ]; then
    read -r -a units <<<"$UPSTREAM_UNITS"
  else
    mapfile -t units < <("units_$suite")
  fi
  local mode
  for mode in "${MODES[@]}"; do run_mode "$mode"; done
  [ "$(count "$RESULTS/plain" pass)" -gt 0 ] || fail "nothing of $suite passes, even plain"
  for mode in "${MODES[@]}"; do
    [ "$mode" = plain ] || compare "$mode"
  done
}

main() {
  [ $# -gt 0 ] || fail "usage: $0 BUILD_DIR [cpython | tar | coreutils]..."
  use_build "$1"
  shift
  [ $# -gt 0 ] || set -- cpython tar coreutils
  CACHE=$SCRATCH/upstream
  mkdir -p "$CACHE"
  on_disk "$CACHE" || skip "$CACHE is not on a disk"
  # Where an ordinary user can read it.
  PRELOADED=$CACHE/libseqshim.so
  cp "$LIB" "$PRELOADED.new"
  mv "$PRELOADED.new" "$PRELOADED"  # others may have it mapped
  code=0 table=()
  local name
  for name; do run_suite "$name"; done
  printf '%-10s %-6s %6s %8s %8s %8s %8s\n' suite mode tests 'plain ok' 'shim ok' unsteady differ
  printf '%s\n' "${table[@]}"
  exit "$code"
}

main "$@"
