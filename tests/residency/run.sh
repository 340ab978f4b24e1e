#!/usr/bin/env bash
# What a gigabyte written through the shim leaves in the page cache.
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

TESTS_DIR=residency
run_tests "$@"
