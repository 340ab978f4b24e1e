#!/usr/bin/env bash
# What a gigabyte written or read through the shim leaves in the page cache.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all
#
# With SEQSHIM_TEST_LIB= (no shim) it only shows how much plain writes leave.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

readonly LIMIT=$((64 << 10))

# little_left FILE MIB: it has that size, and at most LIMIT of it are cached.
little_left() {
  local size cached
  size=$(stat -c %s "$1")
  cached=$(cached_bytes "$1")
  note "$1: $((size >> 20)) MiB, $((cached >> 10)) KiB of it in the page cache"
  [ "$size" -ge $(($2 << 20)) ] || fail "the file is too short"
  [ -z "$LIB" ] || [ "$cached" -le "$LIMIT" ] || fail "more than $((LIMIT >> 10)) KiB are cached"
}

# Runs the command with the shim; what it writes is $WORK/out.
write_out() {
  need fincore
  on_disk "$WORK" || skip "$WORK is on a file system that keeps files in memory"
  [ "$(free_bytes "$WORK")" -gt $((2 << 30)) ] || skip "less than 2 GiB free in $WORK"
  shimmed "$WORK/out" "$@"
}

# 1 GiB in $MEMORY_DIR/files, until the test ends.
make_source() {
  memory_dir 1024
  trap 'rm -rf "$MEMORY_DIR"' EXIT
  make_files "$MEMORY_DIR/files" 256 4
}

test_tar() {
  make_source
  write_out tar cf "$WORK/out" -C "$MEMORY_DIR" files
  little_left "$WORK/out" 1024
  shimmed none tar df "$WORK/out" -C "$MEMORY_DIR" || fail "the archive isn't what was archived"
}

test_tar_redirected() {
  make_source
  # shellcheck disable=SC2016
  write_out sh -c 'tar cf - -C "$1" files >"$2"' sh "$MEMORY_DIR" "$WORK/out"
  little_left "$WORK/out" 1024
}

test_dd() {
  write_out dd if=/dev/zero of="$WORK/out" bs=10240 count=104858 status=none
  little_left "$WORK/out" 1024
}

test_dd_ragged() {
  write_out dd if=/dev/zero of="$WORK/out" bs=9973 count=107700 seek=1 status=none
  little_left "$WORK/out" 1024
}

test_dd_fsync() {
  write_out dd if=/dev/zero of="$WORK/out" bs=10240 count=104858 conv=fsync status=none
  little_left "$WORK/out" 1024
}

# 512 MiB in $MEMORY_DIR/files/1, until the test ends.
make_large_file() {
  memory_dir 512
  trap 'rm -rf "$MEMORY_DIR"' EXIT
  make_files "$MEMORY_DIR/files" 1 512
  LARGE=$(find "$MEMORY_DIR/files" -type f)
}

test_zstd_redirected() {
  need zstd
  make_large_file
  # shellcheck disable=SC2016
  write_out sh -c 'zstd -q -1 -c "$1" >"$2"' sh "$LARGE" "$WORK/out"
  little_left "$WORK/out" 512
}

test_copy() {
  make_large_file
  shimmed none cp "$LARGE" "$WORK/source"
  write_out cp "$WORK/source" "$WORK/out"
  little_left "$WORK/out" 512
  cmp "$WORK/source" "$WORK/out" || fail "the copy isn't the source"
}

# --- What is read.

readonly MOST_GROWTH=$((1 << 20))

# make_tree: 200 files of up to 300 KB and one of 160 MiB in $WORK/tree, on the disk alone.
make_tree() {
  local i
  need fincore
  on_disk "$WORK" || skip "$WORK is on a file system that keeps files in memory"
  mkdir "$WORK/tree"
  for ((i = 1; i <= 200; i++)); do head -c $((i * 1500)) /dev/urandom >"$WORK/tree/$i"; done
  head -c $((160 << 20)) /dev/urandom >"$WORK/tree/large"
  forget_tree
}
forget_tree() {
  local file
  for file in "$WORK"/tree/*; do drop_cache "$file"; done
}
# fincore counts what is in memory of each.
tree_cached() { fincore -b -n -o RES "$WORK"/tree/* | awk '{bytes += $1} END {print bytes + 0}'; }

# reading COMMAND...: all of the tree is to be read past the page cache.
company=()
reading() { shimmed "$WORK/out" SEQSHIM_READ="$WORK/tree/*" "${company[@]}" "$@"; }

# grown_little BEFORE: by at most MOST_GROWTH, and at least 99 % of what was there still is.
grown_little() {
  local now
  now=$(tree_cached)
  note "of the tree $(($1 >> 10)) KiB were in the page cache, now $((now >> 10))"
  [ -z "$LIB" ] || [ "$now" -le $(($1 + MOST_GROWTH)) ] || fail "it has grown"
  [ "$now" -ge $(($1 * 99 / 100)) ] || fail "what was there is gone"
}

# The command reads the whole tree, which then is where it was before.
leaves_tree() {
  forget_tree
  reading "$@" >/dev/null
  grown_little 0
}

test_read_tar() {
  make_tree
  leaves_tree tar cf "$WORK/out" -C "$WORK" tree
  little_left "$WORK/out" 180
  tar df "$WORK/out" -C "$WORK" || fail "the archive isn't what was archived"
}

test_read_otherwise() {
  make_tree
  # shellcheck disable=SC2016
  local each='for file; do "$0" <"$file"; done'
  leaves_tree cat "$WORK"/tree/*
  leaves_tree sh -c "$each" cat "$WORK"/tree/*
  leaves_tree sh -c "$each" sha1sum "$WORK"/tree/*
  leaves_tree cksum "$WORK"/tree/*
  leaves_tree grep -c x "$WORK"/tree/*
  leaves_tree dd if="$WORK/tree/large" bs=9999 status=none
  leaves_tree dd if="$WORK/tree/large" bs=64M status=none
  leaves_tree head -c 50000000 "$WORK/tree/large"
  leaves_tree tail -c 5000000 "$WORK/tree/large"
  leaves_tree cp "$WORK/tree/large" "$WORK/out"
  leaves_tree cp "$WORK/tree/large" "$WORK/not-managed"
  cmp "$WORK/tree/large" "$WORK/out" || fail "the copy isn't the source"
  cmp "$WORK/tree/large" "$WORK/not-managed" || fail "the copy isn't the source"
}

# Every tenth file, and a third of the large one.
warm_up() {
  forget_tree
  cat "$WORK"/tree/*0 >"$WORK/warm"
  head -c 50M "$WORK/tree/large" >"$WORK/warm"
}

test_read_keeps_resident() {
  local before
  make_tree
  warm_up
  before=$(tree_cached)
  [ "$before" -gt $((40 << 20)) ] || fail "nothing is resident"
  reading tar cf "$WORK/out" -C "$WORK" tree
  grown_little "$before"
  cat "$WORK"/tree/* >"$WORK/warm"
  before=$(tree_cached)
  reading tar cf "$WORK/out" -C "$WORK" tree
  grown_little "$before"
}

# As before Linux 6.5.
test_read_without_cachestat() {
  local before
  make_tree
  "${CC:-cc}" -D_GNU_SOURCE -o "$WORK/deny" "$here/../company/support/deny.c"
  company=("$WORK/deny" 38 451 --)
  leaves_tree tar cf "$WORK/out" -C "$WORK" tree
  warm_up
  before=$(tree_cached)
  reading tar cf "$WORK/out" -C "$WORK" tree
  grown_little "$before"
}

# Nobody else is told what is cached of a file that he may only read: then nothing is dropped.
test_read_without_being_told() {
  need setpriv
  [ "$(id -u)" = 0 ] || skip "not root"
  local before
  make_tree
  chmod -R a+rX "$WORK"
  : >"$WORK/report"
  chmod 666 "$WORK/report"
  company=(SEQSHIM_REPORT="$WORK/report" setpriv --reuid=65534 --regid=65534 --clear-groups)
  warm_up
  before=$(tree_cached)
  reading cat "$WORK"/tree/* >/dev/null
  [ "$(tree_cached)" -ge "$before" ] || fail "what was there is gone"
  [ -z "$LIB" ] || grep -q "won't tell what is cached" "$WORK/report" || fail "the report hides it"
}

TESTS_DIR=residency
run_tests "$@"
