#!/usr/bin/env bash
# seqshim on each kind of file system: the same work plain and with the shim must leave the same
# files, on the rung of the fallback ladder that the file system allows, and with no more in the page
# cache than that rung promises; the differential tester; and what is told of I/O errors.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all; 77: skipped
#
# SEQSHIM_LONG=1: more sequences of the differential tester.
# Needs root: everything is mounted in a mount namespace of its own.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"
# shellcheck source=tests/filesystems/support/mounts.sh
. "$here/support/mounts.sh"

# The usual work, into an empty directory.
job() { # DIR
  dd if="$input/large" of="$1/dd" bs=10k status=none
  tar cf "$1/tar" -C "$input" tree large-text
  zstd -q -1 -c "$input/large" >"$1/zst"
  cp "$input/noise-5M" "$1/copied"
  cp -p "$input/noise-5M" "$1/preserved"
}

# shim_job DIR: with the shim; its report goes to $WORK/report.json.
shim_job() {
  local inside=("$@")
  shimmed "$FS/shim/*" SEQSHIM_REPORT="$WORK/report.json" "${denied[@]}" \
    bash -c "$(declare -f job); job \"\$@\"" job "${inside[@]}"
}

# prepare: $input, and two empty directories on $FS.
prepare() {
  need zstd perl fincore python3
  bash "$here/../support/inputs.sh" "$SCRATCH"
  export input=$SCRATCH/input
  denied=(env)
  mkdir "$FS/plain" "$FS/shim"
}

# facts DIR: name, size, and the time of what keeps one.
facts() { (cd "$1" && stat -c '%n %s' ./* && stat -c '%n %Y %y' preserved); }

# compare: the job plain and with the shim.
compare() {
  job "$FS/plain"
  shim_job "$FS/shim"
  diff -u <(facts "$FS/plain") <(facts "$FS/shim") >&2 || fail "sizes or times differ"
  # What follows is what the page cache holds: it is looked at before the files are read.
  remember_residue
  diff -rq "$FS/plain" "$FS/shim" >&2 || fail "bytes differ"
}

remember_residue() {
  local file
  for file in dd tar zst copied; do
    echo "$file $(cached_bytes "$FS/shim/$file")"
  done >"$WORK/residue"
}

# field FILE KEY: of the report.
field() {
  [ -n "$LIB" ] || return 0
  python3 - "$WORK/report.json" "$FS/shim/$1" "$2" <<'PYTHON'
import json, sys
report, path, key = sys.argv[1:]
for line in open(report):
    for file in json.loads(line)["files"]:
        # Of a long path the report has the end.
        if path.endswith(file["path"]): value = file[key]
print(value)
PYTHON
}

# on_rung RUNG LEAST_LEFT MOST_LEFT: where the files' way led, and the bytes that may be cached now.
on_rung() {
  local file left rung
  [ -n "$LIB" ] || return 0
  while read -r file left; do
    rung=$(field "$file" rung)
    note "$file: $rung, $((left >> 10)) KiB in the page cache"
    [ "$rung" = "$1" ] || fail "$file went by $rung, not by $1"
    [ "$left" -ge "$2" ] || fail "less than $2 bytes of $file are cached"
    [ "$left" -le "$3" ] || fail "more than $3 bytes of $file are cached"
  done <"$WORK/residue"
}
readonly NOTHING=0 LITTLE=65536 ALL=$((1 << 40))

# below_direct: the rung below the direct one here: dontcache, where kernel and file system have it.
below_direct() {
  python3 - "$FS/probe" <<'PYTHON'
import os, sys
fd = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
try:
    os.pwritev(fd, [b"x"], 0, 0x80)  # RWF_DONTCACHE
    print("dontcache")
except OSError:
    print("drop-behind")
os.unlink(sys.argv[1])
PYTHON
}

# sequences: of the differential tester, on $FS.
sequences() {
  local group count=${SEQSHIM_LONG:+200}
  [ -n "$LIB" ] || return 0
  for group in mixed io process-tree stdio; do
    "$BUILD/tests/differential" --group "$group" --seeds "${count:-12}" --jobs 2 --lib "$LIB" \
      --dir "$FS/differential.$group" "$@" >"$WORK/differential.log" 2>&1 ||
      { cat "$WORK/differential.log" >&2; fail "the differential tester found a difference"; }
  done
}

# goes RUNG LEAST_LEFT MOST_LEFT: all of it, on what is mounted.
goes() {
  prepare
  compare
  on_rung "$@"
  sequences
  unmount
}

test_ext4() { mount_ext4; goes direct $NOTHING $NOTHING; }
test_ext4_blocks_of_1k() { mount_ext4_1k; goes direct $NOTHING $NOTHING; }
test_ext4_data_journalled() { mount_ext4_journalled; goes "$(below_direct)" $NOTHING $LITTLE; }
test_ext4_without_journal() { mount_ext4_unjournalled; goes direct $NOTHING $NOTHING; }
test_xfs() { mount_xfs; goes direct $NOTHING $NOTHING; }
# It may buffer what is written direct, but then leaves nothing of it in the page cache.
test_btrfs() { mount_btrfs; goes direct $NOTHING $NOTHING; }
test_btrfs_nodatacow() { mount_btrfs_nodatacow; goes direct $NOTHING $NOTHING; }
test_tmpfs() { mount_tmpfs; goes plain 1 $ALL; }
# Its own descriptors don't reach the pages at the edges before they are written back.
test_overlay() { mount_overlay; goes direct $NOTHING $LITTLE; }
test_overlay_on_data_journalled() { mount_overlay_on_journalled; goes drop-behind $NOTHING $ALL; }
test_overlay_on_tmpfs() { mount_overlay_on_tmpfs; goes plain 1 $ALL; }
test_sectors_of_4096() { mount_sectors_4k; goes direct $NOTHING $NOTHING; }
test_fat() { mount_fat; goes direct $NOTHING $NOTHING; }
test_fuse() { mount_fuse; goes direct $NOTHING $NOTHING; }
test_fuse_that_refuses_direct() { mount_fuse_without_direct; goes "$(below_direct)" $NOTHING $LITTLE; }
# The file opens with O_DIRECT, and then no write is aligned enough.
test_fuse_that_changes_its_mind() { mount_fuse_odd; goes "$(below_direct)" $NOTHING $LITTLE; }

TESTS_DIR=filesystems
if [ "${1:-}" != --list ] && [ -z "${SEQSHIM_MOUNTS:-}" ]; then
  [ "$(id -u)" = 0 ] || skip "only root may mount"
  unshare -m true 2>/dev/null || skip "no mount namespaces here"
  SEQSHIM_MOUNTS=own exec unshare -m bash "$0" "$@"
fi
run_tests "$@"
