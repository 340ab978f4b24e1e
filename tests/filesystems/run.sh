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
  local group count=6 without=()
  [ -n "$LIB" ] || return 0
  # From below zero btrfs looks for data from the start, and doesn't always find what is on its way
  # to the disk.
  [ "$(stat -f -c %T "$FS")" != btrfs ] || without=(--without bad_lseek)
  [ -z "${SEQSHIM_LONG:-}" ] || count=200
  for group in mixed io process-tree stdio; do
    "$BUILD/tests/differential" --group "$group" --seeds "$count" --jobs 2 --lib "$LIB" \
      "${without[@]}" --dir "$FS/differential.$group" >"$WORK/differential.log" 2>&1 ||
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
# All of it is there, though not every fincore sees through an overlay.
test_overlay_on_tmpfs() { mount_overlay_on_tmpfs; goes plain $NOTHING $ALL; }
test_sectors_of_4096() { mount_sectors_4k; goes direct $NOTHING $NOTHING; }
test_fat() { mount_fat; goes direct $NOTHING $NOTHING; }
test_fuse() { mount_fuse; goes direct $NOTHING $NOTHING; }
test_fuse_that_refuses_direct() { mount_fuse_without_direct; goes "$(below_direct)" $NOTHING $LITTLE; }
# The file opens with O_DIRECT, and then no write is aligned enough.
test_fuse_that_changes_its_mind() { mount_fuse_odd; goes "$(below_direct)" $NOTHING $LITTLE; }

# --- Below the first rung, however it is found out.

# deny CALL...: the job runs under a filter that knows none of these system calls.
deny() {
  local name numbers=()
  for name; do
    [[ $name =~ ^[0-9]+$ ]] ||
      name=$(printf '#include <sys/syscall.h>\nSYS_%s\n' "$name" | "${CC:-cc}" -E -P - | tail -n 1)
    numbers+=("$name")
    [[ ${numbers[-1]} =~ ^[0-9]+$ ]] || skip "$name has no number here"
  done
  "${CC:-cc}" -D_GNU_SOURCE -o "$WORK/deny" "$here/../company/support/deny.c"
  denied=("$WORK/deny" 38 "${numbers[@]}" --)
}

# What the page cache holds is all that tells.
test_by_residency() {
  mount_ext4_journalled
  prepare
  deny statx
  compare
  on_rung "$(below_direct)" $NOTHING $LITTLE
  unmount
}
test_by_residency_without_cachestat() {
  mount_ext4_journalled
  prepare
  deny statx 451
  compare
  on_rung "$(below_direct)" $NOTHING $LITTLE
  unmount
}

# --- I/O errors: the same calls plain and with the shim.

# calls WORD...: of io_calls; what it said is $WORK/{plain,shim}.{told,file}.
environment=() # of the shim, besides
calls() {
  local run library
  [ -x "$WORK/io_calls" ] ||
    "${CC:-cc}" -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -o "$WORK/io_calls" "$here/support/io_calls.c"
  for run in plain shim; do
    library=$LIB
    [ $run = shim ] || library=''
    rm -f "$FS/calls" 2>/dev/null || true
    before_calls
    LIB=$library shimmed "$FS/calls" SEQSHIM_REPORT="$WORK/$run.json" "${environment[@]}" \
      timeout 60 "$WORK/io_calls" "$FS/calls" "$@" >"$WORK/$run.told" 2>"$WORK/$run.file" ||
      { cat "$WORK/$run.file" >&2; fail "$run: io_calls failed"; }
  done
}
before_calls() { :; }

# same_told: each call of the shim's run told what the plain one did.
same_told() { diff -U9 "$WORK/plain.told" "$WORK/shim.told" >&2 || fail "not what a plain run is told"; }
same_file() { diff -U9 "$WORK/plain.file" "$WORK/shim.file" >&2 || fail "not what a plain run leaves"; }

# told TIMES ERROR: in both runs, so often, and nothing else is told.
told() {
  local run times others
  for run in plain shim; do
    times=$(grep -c ": $2\$" "$WORK/$run.told") || true
    others=$(grep -cv -e ": $2\$" -e ': good$' "$WORK/$run.told") || true
    if [ "$times" != "$1" ] || [ "$others" != 0 ]; then
      cat "$WORK/$run".* >&2
      fail "$run isn't told $2 $1 times"
    fi
  done
}

# as_much: the file begins with all that it holds, and with no less than plain.
as_much() {
  local good size plain
  read -r plain _ < <(tail -n 1 "$WORK/plain.file")
  read -r good _ _ size < <(tail -n 1 "$WORK/shim.file")
  if [ "$good" != "$size" ] || [ "$good" -lt "$plain" ]; then
    cat "$WORK"/{plain,shim}.file >&2
    fail "the file isn't what was accepted"
  fi
}

# ended_on RUNG...
ended_on() {
  local rung
  [ -n "$LIB" ] || return 0
  rung=$(grep -o '"rung":"[a-z-]*"' "$WORK/shim.json" | cut -d'"' -f4)
  [[ " $* " == *" $rung "* ]] || fail "it ended on $rung, not on $*"
}

# faults LINE...: from the next call on.
faults() { printf '%s\n' "$@" >"$FAULTS"; }
# Each run meets them anew.
before_calls_on_fuse() {
  before_calls() {
    local lines
    lines=$(cat "$FAULTS")
    : >"$FAULTS"
    touch "$FS/calls"
    echo x >"$FS/calls" # it reads them
    rm "$FS/calls"
    echo "$lines" >"$FAULTS"
  }
}
failing() {
  mount_fuse
  before_calls_on_fuse
  faults "$@"
}
readonly FOREVER=9223372036854775807 EINTR=4 EIO=5 EAGAIN=11 EINVAL=22

test_error_is_told_once() {
  local what
  for what in 'a w:10240:800 f f c' 'a w:10240:800 c' 'a w:1048576:8 f c' 'a w:8388608:1 f c' 'a w:333:9000 f f c'; do
    failing "calls write 2000000 2000001 $EIO -1" "calls direct 2000000 2000001 $EIO -1"
    # shellcheck disable=SC2086
    calls $what
    told 1 EIO
    as_much
    unmount
  done
}
# Bytes that rest for a moment are written meanwhile: not behind those that fail.
test_error_is_told_once_by_a_hasty_guard() {
  local what
  for what in 'a w:10240:800 f f c' 'a w:1048576:8 f c' 'a w:10240:800 f f c' 'a w:333:9000 f f c'; do
    failing "calls write 2000000 2000001 $EIO -1" "calls direct 2000000 2000001 $EIO -1"
    # shellcheck disable=SC2086
    SEQSHIM_IDLE_MS=2 calls $what
    told 1 EIO
    as_much
    unmount
  done
}
# What FUSE makes several requests of, it sends all at once: those behind the one that fails are
# carried out as well. So several clusters must not be one write, though the writer is late.
test_error_met_by_a_late_writer() {
  need strace
  [ -n "$LIB" ] || skip "there is no library to look at"
  strace -o "$WORK/trace" -e inject=write:delay_exit=1:when=1 echo >"$WORK/echoed"
  grep -q DELAYED "$WORK/trace" || skip "an older strace, which doesn't say what it delays"
  failing "calls write 2000000 2000001 $EIO -1" "calls direct 2000000 2000001 $EIO -1"
  calls a w:8388608:1 f c
  before_calls
  strace -f -o "$WORK/trace" -e trace=pwrite64,pwritev -e inject=pwrite64:delay_exit=200000:when=1 \
    -E LD_PRELOAD="$LIB" -E SEQSHIM_MATCH="$FS/calls" "$WORK/io_calls" "$FS/calls" a w:8388608:1 f c >"$WORK/shim.told" 2>"$WORK/shim.file"
  grep -q 'pwrite64.*DELAYED' "$WORK/trace" || fail "no write was late"
  if grep -q pwritev "$WORK/trace"; then fail "clusters were written together"; fi
  told 1 EIO
  as_much
  unmount
}
# Nobody writes any more when it happens.
test_error_of_the_last_bytes() {
  failing "calls write 100000 $FOREVER $EIO -1" "calls direct 100000 $FOREVER $EIO -1"
  calls a w:1000:101 f f c
  told 1 EIO
  as_much
  calls a w:1000:101 c
  told 1 EIO
  as_much
  unmount
}
test_error_is_told_to_each_description() {
  failing "calls write 2000000 2000001 $EIO -1" "calls direct 2000000 2000001 $EIO -1"
  calls a b w:10240:190 w:10240:190 f F c C
  [ "$(grep -c EIO "$WORK/shim.told")" -le 2 ] || { cat "$WORK/shim.told" >&2; fail "it is told too often"; }
  as_much
  unmount
}
test_error_of_direct_writes_alone() {
  failing "calls direct 0 $FOREVER $EIO -1"
  calls a w:10240:800 f c
  same_told
  same_file
  ended_on dontcache drop-behind
  unmount
}
test_error_of_one_direct_write() {
  failing "calls direct 3000000 3000001 $EIO 1"
  calls a w:10240:800 f c
  same_told
  same_file
  unmount
}
test_alignment_that_changes() {
  failing "calls direct 3000000 $FOREVER $EINVAL -1"
  calls a w:10240:800 f c
  same_told
  same_file
  ended_on dontcache drop-behind
  unmount
}
# short_counts OPENING: whatever the direct and the buffered calls get done of what they are given.
short_counts() {
  local to
  for to in 777 4096 5000 100000; do
    failing "calls direct 1000000 $FOREVER short:$to -1" "calls write 1000000 $FOREVER short:$to -1"
    calls "$1" w:10240:400 f c
    same_told
    same_file
    unmount
  done
}
test_short_writes() { short_counts a; }
# What is appended twice stays there twice.
test_short_appends() {
  environment=(SEQSHIM_APPEND=1)
  short_counts A
}
# A plain program would have been told: what is accepted must get there.
test_interrupted_for_a_while() {
  local error
  for error in $EINTR $EAGAIN; do
    failing "calls direct 1000000 $FOREVER $error 3" "calls write 3000000 $FOREVER $error 3"
    calls a w:10240:400 f c
    same_file_as_undisturbed
    unmount
  done
}
same_file_as_undisturbed() {
  [ "$(tail -n 1 "$WORK/shim.file")" = "4096000 good of 4096000" ] || { cat "$WORK/shim".* >&2; fail "bytes are missing"; }
}
test_unavailable_for_ever() {
  failing "calls direct 1000000 $FOREVER $EAGAIN -1" "calls write 1000000 $FOREVER $EAGAIN -1"
  calls a w:10240:400 f f c
  told 1 EAGAIN
  as_much
  unmount
}
# What close reports must not have been reported to us.
test_error_of_close() {
  local what
  for what in 'a w:10240:400 c' 'a w:1048576:4 c' 'a w:100:1 c' 'a w:10240:400 f c'; do
    failing "calls flush 0 1 $EIO -1"
    # shellcheck disable=SC2086
    calls $what
    same_told
    same_file
    unmount
  done
}
test_error_of_fsync() {
  failing "calls fsync 0 1 $EIO 1"
  calls a w:10240:400 f f c
  same_told
  same_file
  unmount
}

# failing_disk TYPE: on an image whose file is on ours. Where $FS/calls lies on the disk is settled
# before, and nothing can be written there. (Not only to some of it: a loop device doesn't notice
# that its file took less than it should have.)
failing_disk() {
  local loop options=()
  need losetup filefrag "mkfs.$1"
  [ "$1" != ext4 ] || options=(-b 4096)
  mount_fuse
  truncate -s 4G "$FS/disk"
  "mkfs.$1" -q "${options[@]}" "$FS/disk"
  loop=$(losetup -f --show "$FS/disk") || skip "no loop device on FUSE"
  FS=$WORK/disk
  mkdir "$FS"
  mount "$loop" "$FS"
  losetup -d "$loop" # when it is unmounted
  before_calls() {
    local places
    : >"$FAULTS"
    fallocate -l 8M "$FS/calls"
    sync -f "$FS" || true # which may tell of the errors of the run before
    places=$(filefrag -b1 -v "$FS/calls" | tr -d .: |
      awk -v "error=$EIO" '$1 + 0 == $1 && NF > 5 {print "disk write", $4, $5 + 1, error, -1}')
    [ -n "$places" ] || fail "no place of the file on the disk"
    faults "$places"
  }
}
same_size() {
  local size plain
  read -r _ _ _ plain < <(tail -n 1 "$WORK/plain.file")
  read -r _ _ _ size < <(tail -n 1 "$WORK/shim.file")
  [ "$size" = "$plain" ] || { cat "$WORK"/*.file >&2; fail "the files differ"; }
}
bad_sector() {
  failing_disk "$1"
  calls a w:10240:800 f f c
  told 1 EIO
  same_told
  same_size
  # By each description.
  calls a b w:10240:800 f F f F c C
  told 2 EIO
  same_told
  # Plain, nobody is told. Here it is known by then.
  calls a w:10240:800 c
  [ "$(cat "$WORK/shim.told")" = $'write: good\nclose a: EIO' ] || same_told
  same_size
  : >"$FAULTS"
  unmount
}
test_bad_sector_of_ext4() { bad_sector ext4; }
test_bad_sector_of_xfs() { bad_sector xfs; }

# The file system finds itself damaged in the middle of the run, and allows no more writes.
test_read_only_in_mid_run() {
  local trigger=$WORK/trigger
  before_calls() {
    unmount
    mount_ext4
    mount -o remount,errors=remount-ro "$FS"
    ln -sf "/sys/fs/ext4/$(basename "$(findmnt -no SOURCE "$FS")")/trigger_fs_error" "$trigger"
    [ -w "$trigger" ] || skip "no way to have ext4 find an error"
  }
  mount_ext4
  calls a w:10240:400 "!echo 1 >$trigger" w:10240:800 f c
  same_told
  calls a w:10240:400 "!echo 1 >$trigger" w:10240:800 c
  same_told
  # A few bytes are accepted first, and told of by fsync, which fails anyway, or by close.
  calls a w:10240:400 "!echo 1 >$trigger" w:100:1 f c
  [ "$(grep -c EROFS "$WORK/shim.told")" = 1 ] || { cat "$WORK/shim.told" >&2; fail "not told EROFS once"; }
  calls a w:10240:400 "!echo 1 >$trigger" w:100:1 c
  [ "$(cat "$WORK/shim.told")" = $'write: good\nwrite: good\nclose a: EROFS' ] || same_told
  unmount
}

TESTS_DIR=filesystems
if [ "${1:-}" != --list ] && [ -z "${SEQSHIM_MOUNTS:-}" ]; then
  [ "$(id -u)" = 0 ] || skip "only root may mount"
  # What is mounted and what serves it end with it.
  own=(unshare -m -p --fork --kill-child --mount-proc)
  "${own[@]}" true 2>/dev/null || skip "no mount namespaces here"
  SEQSHIM_MOUNTS=own exec "${own[@]}" bash "$0" "$@"
fi
# Names there are made of process ids, which others have too.
[ "${1:-}" = --list ] || mount -t tmpfs none /dev/shm
run_tests "$@"
