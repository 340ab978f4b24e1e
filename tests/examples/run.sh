#!/usr/bin/env bash
# Whether each example does what it says, with little data, and leaves nothing behind.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all; 77: skipped
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
examples=$(cd "$here/../../examples" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

# start NAME SIZE [ARGUMENT...]: the example, from elsewhere and marked as ours; what it prints is in
# $WORK/output.
start() {
  local name=$1 size=$2 code=0
  shift 2
  mark=example.$BASHPID.$RANDOM
  mkdir -p "$WORK/tmp" "$WORK/elsewhere"
  (cd "$WORK/elsewhere" && exec env SEQSHIM_EXAMPLE_MARK="$mark" SEQSHIM="${seqshim:-$BUILD/seqshim}" \
    TMPDIR="$WORK/tmp" SIZE="$size" timeout -k 5 120 bash "$examples/$name/run.sh" "$@") \
    >"$WORK/output" 2>&1 </dev/null || code=$?
  return "$code"
}

# Processes that have inherited the mark, the guards included.
marked() { grep -lsa "SEQSHIM_EXAMPLE_MARK=$mark" /proc/[0-9]*/environ || true; }

nothing_left() {
  local i left
  for ((i = 0; i < 40; i++)); do
    left=$(marked)
    [ -n "$left" ] || break
    sleep 0.05
  done
  [ -z "$left" ] || fail "processes are left: $left"
  left=$(find "$WORK/tmp" "$WORK/elsewhere" -mindepth 1)
  [ -z "$left" ] || fail "files are left: $left"
}

# works NAME SIZE LINE...: the example ends well, with output that has these lines (extended regular
# expressions) in it.
works() {
  local name=$1 size=$2 line code=0
  shift 2
  start "$name" "$size" || code=$?
  [ "$code" != 77 ] || skip "$(tail -n 1 "$WORK/output")"
  [ "$code" = 0 ] || { cat "$WORK/output"; fail "exit code $code"; }
  for line; do
    grep -Eq -- "^$line\$" "$WORK/output" || { cat "$WORK/output"; fail "the output lacks: $line"; }
  done
  nothing_left
}

# What stays in the page cache of files on a disk: nothing to speak of.
little_left() {
  if on_disk "$WORK" && have fincore; then echo '0\.[0-9] MiB are in the page cache'; else echo '.*'; fi
}

test_tar_backup() {
  works tar-backup 16M 'tar-backup: 16 MiB archived, restored and the same\.' \
    "Of the archive and of the files in it, $(little_left)\."
}

test_tar_zstd() {
  works tar-zstd 16M 'tar-zstd: 16 MiB became an archive of 1[0-9] MiB, which tar has compared\.' \
    "Of the archive, $(little_left)\."
}

test_dd_image() {
  works dd-image 16M '.* handed back .*' "dd-image: 16 MiB copied and the same\. Of the image, $(little_left)\."
}

test_postgres() {
  works postgres 8M \
    'postgres: a dump of [1-9] MiB, restored and the same; a base backup of [1-9][0-9]+ MiB, verified\.' \
    "Of the files of 256 KiB and more, $(little_left)\\."
  [ -z "$(find /tmp -maxdepth 1 -name 'seqshim-example.*' -newer "$WORK/elsewhere")" ] ||
    fail "the server's directory is left in /tmp"
}

test_fortran() {
  works fortran 16M "fortran: 262144 records, 16 MiB, the same as without seqshim\. Of them, $(little_left)\."
}

test_cobol() {
  works cobol 8M '.* locked .*' 'cobol: 65536 records, 8 MiB, the same both ways\.' \
    "Locked, .*; as standard output, $(little_left)\."
}

test_systemd() {
  works systemd 8M \
    "systemd, (preload|command)\.conf: the unit is in order; 8 MiB archived, compared and the same; $(little_left)\."
}

test_mpi() {
  works mpi 16M 'mpi: 8 MiB in the shared file and 8 MiB in one for each rank, the same as without seqshim\.' \
    "Of them, $(little_left)\."
}

test_seqcache() {
  works seqcache 8M "seqcache: 8 MiB of short lines gathered, and nothing else\. Of the log, $(little_left)\."
}

# A directory of one's own is kept, with the files in it; one that isn't empty is refused.
test_directory() {
  start tar-backup 4M "$WORK/new/directory" || { cat "$WORK/output"; fail "exit code $?"; }
  [ -s "$WORK/new/directory/backup/home.tar" ] || fail "the archive isn't there"
  nothing_left
  ! start tar-backup 4M "$WORK/new" || fail "a directory with something in it isn't refused"
  grep -q "isn't empty" "$WORK/output" || fail "it isn't said why: $(cat "$WORK/output")"
}

test_usage() {
  local example
  for example in "$examples"/*/run.sh; do
    [ -x "$example" ] || fail "$example isn't executable"
    [[ $(bash "$example" --help) = *$'\nFor whoever '* ]] || fail "$example --help doesn't say whom it is for"
  done
  ! start tar-backup much || fail "a bad SIZE isn't refused"
  grep -q 'SIZE=much: at least 1M' "$WORK/output" || fail "of a bad SIZE it says: $(cat "$WORK/output")"
  nothing_left
}

# Examples whose result is wrong say so: with a seqshim that damages what was written.
test_damage() {
  local name
  cat >"$WORK/damaging" <<'SH'
#!/bin/sh
"$REAL_SEQSHIM" "$@" || exit
for file in "$TMPDIR"/*/backup/home.tar "$TMPDIR"/*/disk.img; do
  [ ! -e "$file" ] || printf damaged | dd of="$file" bs=1 seek=2000000 conv=notrunc status=none
done
SH
  chmod +x "$WORK/damaging"
  export REAL_SEQSHIM=$BUILD/seqshim
  for name in tar-backup dd-image; do
    ! seqshim=$WORK/damaging start "$name" 4M || fail "$name doesn't notice"
    grep -q '^FAILED: ' "$WORK/output" || { cat "$WORK/output"; fail "$name doesn't say what it noticed"; }
    nothing_left
  done
}

TESTS_DIR=examples
run_tests "$@"
