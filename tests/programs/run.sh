#!/usr/bin/env bash
# Whole programs, plain against shim.
#
#   run.sh --list                        names the rows
#   run.sh BUILD_DIR [ROW...]            runs them, or all
#   run.sh --table BUILD_DIR [ROW...]    only their large forms; prints what they measured (Markdown)
#   run.sh --summary BUILD_DIR [ROW...]  the same in short: the rows that are direct as a list
#
# A row (rows/NAME.sh) is a file that sets
#   needs      the commands it wants, else it is skipped
#   mtimes     an extended regular expression of the paths whose mtime the program sets
#   managed    no where the shim must not cache a byte of it
#   output     unordered: the lines of stdout and stderr come in any order
#   run()      writes into $OUT, the working directory, from $IN
# and may have, none of them ever preloaded,
#   prepare()  once, first: makes what the runs read, in $BESIDE; may start a server
#   setup()    before each run()
#   normalise()  after each run() and large(): makes what can't repeat comparable
#   finish()   once, at last, whatever happened: ends what prepare() started
# It is run plain, then once per cluster size and engine with the shim, each time in an empty
# directory of the same name. Exit code, stdout, stderr, the list of files, bytes, sizes, modes,
# owners, links, the named mtimes and the blocks used must agree.
#
# A row whose program can write much also has
#   large()    leaves 16 to 32 MiB in $OUT
#   title      what large() does, in a few words
#   residue    why more of it stays in the page cache than the shim should leave, if it does
# It is run plain and with the shim's default settings, compared alike, and then at most 256 KiB
# of what it left may be in the page cache, the moment it ends.
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
  export IN=$SCRATCH/input OUT=$WORK/out BESIDE=$WORK/beside HOME=$WORK/home
  export PYTHONDONTWRITEBYTECODE=1
  export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=c
  export GIT_COMMITTER_EMAIL=c@example.invalid GIT_CONFIG_NOSYSTEM=1
  export GIT_AUTHOR_DATE='2022-01-01T00:00:00Z' GIT_COMMITTER_DATE='2022-01-01T00:00:00Z'
  unset LD_PRELOAD TAR_OPTIONS GZIP XZ_OPT MAKEFLAGS MFLAGS MAKELEVEL BASH_ENV ENV POSIXLY_CORRECT
  # The interpreter itself, not a wrapper script in front of it.
  PYTHON=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null || true)
  export PYTHON
  umask 022
  mkdir "$HOME" "$BESIDE"
}

# row_does FUNCTION: one of the row's functions, not preloaded.
row_does() { bash "$here/row.sh" "$row_file" "$1"; }

# run_once FORM AS ENV...: run or large in an empty $OUT, which then moves to $WORK/AS.
run_once() {
  local form=$1 as=$2 code=0
  shift 2
  mkdir "$OUT"
  cd "$OUT"
  [ "$form" = large ] || row_does setup
  timeout -k 5 60 env "$@" bash "$here/row.sh" "$row_file" "$form" \
    >"$WORK/$as.stdout" 2>"$WORK/$as.stderr" </dev/null || code=$?
  [ "$form" = run ] || output_bytes >"$WORK/$as.bytes"
  echo "$code" >"$WORK/$as.code"
  row_does normalise
  if [ "$output" = unordered ]; then
    sort -o "$WORK/$as.stdout" "$WORK/$as.stdout"
    sort -o "$WORK/$as.stderr" "$WORK/$as.stderr"
  fi
  cd "$WORK"
  mv "$OUT" "$WORK/$as"
  manifest "$as" >"$WORK/$as.manifest"
}

# "CACHED SIZE" of all files here: bytes in the page cache, bytes in all without holes.
output_bytes() {
  {
    find . -type f -print0 | xargs -0r fincore -b -n -o RES
    find . -type f -printf '%s %b\n'
  } | awk '
    NF == 1 {cached += $1}
    NF == 2 {size += $1 < $2 * 512 ? $1 : $2 * 512}
    END {print cached + 0, size + 0}'
}

# One line per file: path, type, mode, owner, link's target; size and links; mtime where it counts.
manifest() {
  (cd "$1" && find . -mindepth 1 -regextype posix-extended \
    -printf '%P %y %#m %U:%G %l' \( -type f -printf ' %s bytes %n links' -o -true \) \
    \( -regex "\./($mtimes)" -printf ' %TF %TT' -o -true \) -printf '\n') | sort
}

# Every file's 512-byte blocks: the shim's at most 10 % above plain's. The slack of 16 is for the
# extent tree of a file that has five extents instead of four.
compare_blocks() { # PLAIN AS
  awk -v slack=16 '
    {blocks = $1; sub(/^[^ ]+ /, "")}
    FNR == NR {plain[$0] = blocks; next}
    blocks > plain[$0] * 1.1 + slack {print $0 ": " blocks " blocks, plain " plain[$0]; bad = 1}
    END {exit bad}' \
    <(cd "$1" && find . -type f -printf '%b %P\n') <(cd "$2" && find . -type f -printf '%b %P\n')
}

# compare PLAIN AS: prints every difference between the two runs.
compare() {
  local plain=$1 as=$2 what same=0
  for what in code stdout stderr manifest; do
    if ! diff -a --label "$what, plain" --label "$what, $as" -U1 "$plain.$what" "$as.$what" >diff.txt; then
      head -n 40 diff.txt
      same=1
    fi
  done
  if ! diff -rq --no-dereference "$plain" "$as" >diff.txt; then
    head -n 20 diff.txt
    first_difference "$plain" "$as"
    same=1
  fi
  compare_blocks "$plain" "$as" || same=1
  return "$same"
}

first_difference() { # PLAIN AS
  local path
  while IFS= read -r path; do
    if [ -f "$2/$path" ] && ! cmp "$1/$path" "$2/$path" 2>&1; then return; fi
  done < <(cd "$1" && find . -type f -printf '%P\n' | sort)
}

# The sum of a counter over the reports of all the row's processes.
counted() { # REPORT COUNTER
  [ -e "$1" ] || { echo 0; return; }
  perl -ne 'next unless s/.*?"totals?"\s*:\s*//; $n += $1 if /"'"$2"'"\s*:\s*(\d+)/; END {print $n + 0}' "$1"
}

check_managed() { # REPORT
  local bytes
  [ -n "$LIB" ] && [ -z "${SEQSHIM_TEST_LIB:-}" ] || return 0
  bytes=$(counted "$1" bytes_written)
  case $managed in
    yes)
      [ "$bytes" = 0 ] || return 0
      echo "the shim cached no byte of it: a comparison of plain with plain"
      ;;
    no)
      [ "$bytes" != 0 ] || return 0
      echo "the shim cached $bytes bytes of what it should have left to the kernel"
      ;;
  esac
  return 1
}

# The cluster sizes and engines to try; the default ones need a file that fills some clusters.
variants() {
  echo 4K thread
  echo 64K sync
  if [ -n "$(find plain -type f -size +3071k -print -quit)" ]; then echo 1M auto; fi
}

# judge AS CHECK...: runs it, and shows what it found wrong with the run AS.
judge() {
  local as=$1
  shift
  if ! "$@" >"$as.found"; then
    printf '%s, %s: (kept in %s)\n' "$row" "$as" "$WORK"
    cat "$as.found"
    bad=1
  fi
}

preload() { # AS SETTING...
  local as=$1
  shift
  preloaded=(${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="$OUT/*" SEQSHIM_REPORT="$WORK/$as.json" "$@")
}

good_run() { compare plain "$1" && check_managed "$1.json"; }

small_form() {
  local cluster engine as preloaded
  run_once run plain
  while read -r cluster engine; do
    as=shim-$cluster-$engine
    preload "$as" SEQSHIM_CLUSTER="$cluster" SEQSHIM_ENGINE="$engine" SEQSHIM_DIRECT_MIN=0
    run_once run "$as" "${preloaded[@]}"
    judge "$as" good_run "$as"
  done < <(variants)
}

# Writes "ROW TITLE SIZE DIRECT CACHED-PLAIN CACHED-SHIM", in bytes, for the table.
note_coverage() {
  local cached size plain_cached
  read -r plain_cached _ <large-plain.bytes
  read -r cached size <large-shim.bytes
  mkdir -p "$SCRATCH/coverage"
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$row" "$title" "$size" \
    "$(counted large-shim.json bytes_direct)" "$plain_cached" "$cached" "$residue" \
    >"$SCRATCH/coverage/$row"
}

little_left() {
  local cached size
  read -r cached size <large-shim.bytes
  if [ "$size" -lt $((16 << 20)) ]; then
    echo "the large form left only $size bytes"
    return 1
  fi
  [ -n "$LIB" ] && [ -z "$residue" ] && on_disk "$WORK" || return 0
  [ "$cached" -gt $((256 << 10)) ] || return 0
  echo "$((cached >> 10)) of $((size >> 10)) KiB are in the page cache"
  (cd large-shim && find . -type f -print0 | xargs -0r fincore -b -o RES,SIZE,FILE | head -n 20)
  return 1
}

good_large_run() { compare large-plain large-shim && little_left; }

large_form() {
  local preloaded
  run_once large large-plain
  preload large-shim
  run_once large large-shim "${preloaded[@]}"
  note_coverage
  judge large-shim good_large_run
}

run_row() (
  set -e
  row=$1
  row_file=$here/rows/$row.sh
  [ -e "$row_file" ] || fail "there is no row $row"
  needs='' mtimes=- managed=yes output=ordered title='' residue=''
  # shellcheck disable=SC1090
  . "$row_file"
  has_large=no
  if declare -F large >/dev/null && have fincore; then has_large=yes; fi
  [ "$only_large" = no ] || [ "$has_large" = yes ] || exit 77
  rm -f "$SCRATCH/coverage/$row"
  # shellcheck disable=SC2086
  need $needs
  fresh_dir "programs/$row"
  set_environment
  trap 'row_does finish' EXIT
  row_does prepare
  bad=0
  [ "$only_large" = yes ] || small_form
  [ "$has_large" = no ] || large_form
  [ "$bad" = 0 ] || exit 1
  trap - EXIT
  row_does finish
  cd /
  rm -rf "$WORK"
)

# The measurements of the rows named; "ROW -" for a row that was skipped, lacking a program.
measurements() {
  local row
  for row; do
    grep -q '^large()' "$here/rows/$row.sh" || continue
    cat "$SCRATCH/coverage/$row" 2>/dev/null || printf '%s\t-\n' "$row"
  done
}

# The table's lines, of what measurements() prints. In short: first a list of those that are direct.
print_table() { # SHORT
  awk -F '\t' -v short="$1" '
    function mib(bytes) {return sprintf("%.1f", bytes / 1048576)}
    $2 == "-" {table = table "| " $1 " | not run here | | | | | |\n"; next}
    {share = $4 < $3 ? int(100 * $4 / $3) : 100; left = $6 > 262144}
    short && !left && share >= 98 {list = list (list ? "; " : "") $2; n++; next}
    {
      table = table "| " $1 " | " $2 " | " mib($3) " | " share " % | " mib($5) " | " mib($6) " | " \
        (left ? $7 : "") " |\n"
    }
    END {
      if (n) printf "%d rows at least 98 %% direct, at most 256 KiB left: %s.\n\n", n, list
      print "| row | what | MiB | direct | left in the cache, plain | with seqshim | why |"
      print "|---|---|---:|---:|---:|---:|---|"
      printf "%s", table
    }'
}

main() {
  local rows row code passed=0 failed=0 skipped=0 only_large=no short=0
  case ${1:-} in
    --list) list_rows; return ;;
    --table) only_large=yes; shift ;;
    --summary) only_large=yes short=1; shift ;;
  esac
  [ $# -gt 0 ] || fail "usage: run.sh --list | run.sh [--table | --summary] BUILD_DIR [ROW...]"
  use_build "$1"
  shift
  bash "$here/../support/inputs.sh" "$SCRATCH"
  if [ $# -gt 0 ]; then rows=("$@"); else mapfile -t rows < <(list_rows); fi
  for row in "${rows[@]}"; do
    # Not `run_row || ...`: that would turn -e off inside.
    set +e
    run_row "$row" >&2
    code=$?
    set -e
    case $code in
      0) passed=$((passed + 1)) ;;
      77) skipped=$((skipped + 1)) ;;
      *) failed=$((failed + 1)); note "FAILED: $row" ;;
    esac
  done
  [ "$only_large" = no ] || measurements "${rows[@]}" | print_table "$short"
  note "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] || exit 1
  [ "$passed" -gt 0 ] || exit 77
}

main "$@"
