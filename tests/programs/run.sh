#!/usr/bin/env bash
# Whole programs, plain against shim.
#
#   run.sh --list                 names the rows
#   run.sh BUILD_DIR [ROW...]     runs them, or all
#
# A row (rows/NAME.sh) is a file that sets
#   needs      the commands it wants, else it is skipped
#   mtimes     an extended regular expression of the paths whose mtime the program sets
#   managed    unless yes (the default) the shim isn't expected to cache a byte of it: stdio where
#              only streams write, no where it must not, or where the kernel copies
#   output     unordered: the lines of stdout and stderr come in any order
#   run()      writes into $OUT, the working directory, from $IN
# and may have setup() before and normalise() after it, neither of which is ever preloaded.
# It is run plain, then once per cluster size and engine with the shim, each time in an empty
# directory of the same name. Exit code, stdout, stderr, the list of files, bytes, sizes, modes,
# owners, links, the named mtimes and the blocks used must agree.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

list_rows() {
  local file
  for file in "$here"/rows/*.sh; do basename "$file" .sh; done
}

# Everything a program's behaviour may depend on, but the shim.
set_environment() {
  export IN=$SCRATCH/input OUT=$WORK/out HOME=$WORK/home PYTHONDONTWRITEBYTECODE=1
  export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=c
  export GIT_COMMITTER_EMAIL=c@example.invalid GIT_CONFIG_NOSYSTEM=1
  export GIT_AUTHOR_DATE='2022-01-01T00:00:00Z' GIT_COMMITTER_DATE='2022-01-01T00:00:00Z'
  unset LD_PRELOAD TAR_OPTIONS GZIP XZ_OPT MAKEFLAGS MFLAGS MAKELEVEL BASH_ENV ENV POSIXLY_CORRECT
  # The interpreter itself, not a wrapper script in front of it.
  PYTHON=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null || true)
  export PYTHON
  umask 022
  mkdir "$HOME"
}

# run_once AS ENV...: the row in an empty $OUT, which then moves to $WORK/AS.
run_once() {
  local as=$1 code=0
  shift
  mkdir "$OUT"
  cd "$OUT"
  bash "$here/row.sh" "$row_file" setup
  timeout -k 5 60 env "$@" bash "$here/row.sh" "$row_file" run \
    >"$WORK/$as.stdout" 2>"$WORK/$as.stderr" </dev/null || code=$?
  echo "$code" >"$WORK/$as.code"
  bash "$here/row.sh" "$row_file" normalise
  if [ "$output" = unordered ]; then
    sort -o "$WORK/$as.stdout" "$WORK/$as.stdout"
    sort -o "$WORK/$as.stderr" "$WORK/$as.stderr"
  fi
  cd "$WORK"
  mv "$OUT" "$WORK/$as"
  manifest "$as" >"$WORK/$as.manifest"
}

# One line per file: path, type, mode, owner, link's target; size and links; mtime where it counts.
manifest() {
  (cd "$1" && find . -mindepth 1 -regextype posix-extended \
    -printf '%P %y %#m %U:%G %l' \( -type f -printf ' %s bytes %n links' -o -true \) \
    \( -regex "\./($mtimes)" -printf ' %TF %TT' -o -true \) -printf '\n') | sort
}

# Every file's 512-byte blocks: the shim's at most 10 % above plain's. The slack of 16 is for the
# extent tree of a file that has five extents instead of four.
compare_blocks() {
  awk -v slack=16 '
    {blocks = $1; sub(/^[^ ]+ /, "")}
    FNR == NR {plain[$0] = blocks; next}
    blocks > plain[$0] * 1.1 + slack {print $0 ": " blocks " blocks, plain " plain[$0]; bad = 1}
    END {exit bad}' \
    <(cd plain && find . -type f -printf '%b %P\n') <(cd "$1" && find . -type f -printf '%b %P\n')
}

# compare AS: prints every difference to the plain run.
compare() {
  local as=$1 what same=0
  for what in code stdout stderr manifest; do
    if ! diff -a --label "$what, plain" --label "$what, $as" -U1 "plain.$what" "$as.$what" >diff.txt; then
      head -n 40 diff.txt
      same=1
    fi
  done
  if ! diff -rq --no-dereference plain "$as" >diff.txt; then
    head -n 20 diff.txt
    first_difference "$as"
    same=1
  fi
  compare_blocks "$as" || same=1
  return "$same"
}

first_difference() {
  local path
  while IFS= read -r path; do
    if [ -f "$1/$path" ] && ! cmp "plain/$path" "$1/$path" 2>&1; then return; fi
  done < <(cd plain && find . -type f -printf '%P\n' | sort)
}

# The sum of a counter over the reports of all the row's processes.
counted() { # REPORT COUNTER
  [ -e "$1" ] || { echo 0; return; }
  perl -ne 'next unless s/.*?"totals?"\s*:\s*//; $n += $1 if /"'"$2"'"\s*:\s*(\d+)/; END {print $n + 0}' "$1"
}

check_managed() { # REPORT
  [ -n "$LIB" ] && [ "$managed" = yes ] && [ -z "${SEQSHIM_TEST_LIB:-}" ] || return 0
  [ "$(counted "$1" bytes_written)" -gt 0 ] && return
  echo "the shim cached no byte of it: a comparison of plain with plain"
  return 1
}

variants() {
  echo 4K thread
  echo 64K sync
  if [ -n "$(find plain -type f -size +3071k -print -quit)" ]; then echo 1M auto; fi
}

run_row() (
  set -e
  row=$1
  row_file=$here/rows/$row.sh
  [ -e "$row_file" ] || fail "there is no row $row"
  needs='' mtimes=- managed=yes output=ordered
  # shellcheck disable=SC1090
  . "$row_file"
  # shellcheck disable=SC2086
  need $needs
  fresh_dir "programs/$row"
  set_environment
  run_once plain
  bad=0
  while read -r cluster engine; do
    as=shim-$cluster-$engine
    run_once "$as" ${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="$OUT/*" SEQSHIM_CLUSTER="$cluster" \
      SEQSHIM_ENGINE="$engine" SEQSHIM_DIRECT_MIN=4K SEQSHIM_REPORT="$WORK/$as.json"
    if ! { compare "$as" && check_managed "$as.json"; } >"$as.found"; then
      printf '%s, cluster %s, engine %s: (kept in %s)\n' "$row" "$cluster" "$engine" "$WORK"
      cat "$as.found"
      bad=1
    fi
  done < <(variants)
  [ "$bad" = 0 ] || exit 1
  cd /
  rm -rf "$WORK"
)

main() {
  local rows row code passed=0 failed=0 skipped=0
  if [ "${1:-}" = --list ]; then list_rows; return; fi
  [ $# -gt 0 ] || fail "usage: run.sh --list | run.sh BUILD_DIR [ROW...]"
  use_build "$1"
  shift
  bash "$here/../support/inputs.sh" "$SCRATCH"
  if [ $# -gt 0 ]; then rows=("$@"); else mapfile -t rows < <(list_rows); fi
  for row in "${rows[@]}"; do
    # Not `run_row || ...`: that would turn -e off inside.
    set +e
    run_row "$row"
    code=$?
    set -e
    case $code in
      0) passed=$((passed + 1)) ;;
      77) skipped=$((skipped + 1)) ;;
      *) failed=$((failed + 1)); note "FAILED: $row" ;;
    esac
  done
  note "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] || exit 1
  [ "$passed" -gt 0 ] || exit 77
}

main "$@"
