#!/usr/bin/env bash
# Full disks, quotas and size limits: the same writer plain and with the shim. What write() has
# accepted is in the file, and what is refused is refused by the same call with the same error.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all; 77: skipped
#
# SEQSHIM_LONG=1: every way of writing on every file system. Wants root and loop devices.
#
# What stands in single quotes is for another shell.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

# Ways to write, as the writer takes them: the short form's, and what the long one has besides.
WAYS=('100' '10240' '1048576' '12347 stdio')
MORE_WAYS=('65536' '12347' '4096 stdio')

# What a test may set:
#   cached=no     the shim isn't expected to cache a byte there
#   bytewise=no   to write what is left byte by byte takes minutes there, plain too
#   settings=()   of the shim
#   as=()         how the writer is started
cached=yes bytewise=yes settings=() as=(env)

prepare() {
  need "${CC:-cc}" losetup mount
  [ "$(id -u)" = 0 ] || skip "only root may mount"
  filler=$WORK/filler disk=$WORK/disk
  "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$filler" "$here/support/filler.c"
  mkdir -p "$disk"
  # A test that fails leaves nothing mounted.
  trap 'umount -l "$disk" 2>/dev/null || true' EXIT
}

# mount_image MIB OPTIONS MKFS...: a file system in a sparse file, at $disk.
mount_image() {
  local mib=$1 options=$2 image=$WORK/image
  shift 2
  need "$1"
  rm -f "$image"
  truncate -s "${mib}M" "$image"
  "$@" "$image" >"$WORK/mkfs.log" 2>&1 || { cat "$WORK/mkfs.log" >&2; fail "$*"; }
  mount -o "loop,$options" "$image" "$disk" 2>"$WORK/mount.log" ||
    skip "can't mount it here: $(cat "$WORK/mount.log")"
}
leave_disk() { umount "$disk"; }

# leave_free BYTES: fills the disk but for about so many.
leave_free() {
  local surplus
  for _ in 1 2 3; do
    sync -f "$disk"
    surplus=$(($(free_bytes "$disk") - $1))
    [ "$surplus" -gt 65536 ] || break
    fallocate -l "$surplus" "$disk/ballast.$((++ballast))" 2>/dev/null ||
      head -c "$surplus" /dev/zero >"$disk/ballast.$ballast" 2>/dev/null || true
  done
}
ballast=0

# writes NAME FILE ARGUMENT...: $WORK/NAME.out gets what the writer says.
writes() {
  local name=$1 file=$2 library=''
  shift 2
  case $name in shim*) library=$LIB ;; esac
  env LD_PRELOAD="$library" SEQSHIM_MATCH="$disk/*" SEQSHIM_REPORT="$WORK/$name.json" \
    ${settings[@]+"${settings[@]}"} timeout -k 5 120 "${as[@]}" "$filler" "$disk/$file" "$@" \
    >"$WORK/$name.out"
}
accepted() { sed -n 's/^accepted //p' "$WORK/$1.out"; }
# The calls that failed, and with which error. Of short counts there may be more or fewer.
failures() { grep -v -e ' short$' -e '^accepted' "$WORK/$1.out" | sort -u || true; }
near() { [ $(($1 * 10)) -ge $(($2 * 9)) ] && [ $(($1 * 9)) -le $(($2 * 10)) ]; }
size_of() { stat -c %s "$1"; }

# intact NAME FILE [KIND [FROM]]: the file holds what was accepted, nothing else. What a stream has taken
# and not written when the disk was full is the stream's to lose, plain too.
intact() {
  local bytes size
  bytes=$(accepted "$1")
  size=$(size_of "$disk/$2")
  if [ "${3:-plain}" = stdio ]; then
    if [ "$size" -gt "$bytes" ] || [ $((bytes - size)) -gt 65536 ]; then
      note "$1: $bytes accepted, $size in the file"
      return 1
    fi
    bytes=$size
  fi
  "$filler" check "$disk/$2" "$bytes" "${4:-0}"
}

# was_cached NAME: whether anything was.
was_cached() {
  [ "$cached" = no ] || [ -z "$LIB" ] || grep -q '"bytes_written": *[1-9]' "$WORK/$1.json" ||
    { note "nothing was cached, so nothing was tested"; return 1; }
}

# emptied FILE...: they are gone, and so are their blocks: btrfs takes its time.
emptied() {
  rm -f "$@"
  sync -f "$disk"
}

# fill ARGUMENT...: one writer, plain and with the shim.
fill() {
  local kind=plain bytes from=0 argument
  rm -f "$WORK"/*.json
  for argument; do
    case $argument in
      stdio) kind=stdio ;;
      from=*) from=${argument#from=} ;;
    esac
  done
  writes plain file "$@"
  bytes=$(size_of "$disk/file")
  local blocks
  blocks=$(stat -c %b "$disk/file")
  emptied "$disk/file"
  writes shim file "$@"
  intact shim file "$kind" "$from" || return 1
  near "$(size_of "$disk/file")" "$bytes" ||
    { note "$(size_of "$disk/file") bytes in the file, plain $bytes"; return 1; }
  diff <(failures plain) <(failures shim) >&2 || { note "other errors: $*"; return 1; }
  [ "$(failures plain | wc -l)" != 0 ] || grep -q short "$WORK/plain.out" ||
    { note "the disk wasn't full"; return 1; }
  near "$(stat -c %b "$disk/file")" "$blocks" || { note "other blocks than $blocks"; return 1; }
  was_cached shim || return 1
  emptied "$disk/file"
}

# fill_by_two SIZE: two writers at once, with a file each.
fill_by_two() {
  local name plain=0 both=0 part
  for name in plain shim; do
    rm -f "$WORK"/*.json
    emptied "$disk"/file.*
    # Who comes late finds its file, if nothing else.
    "${as[@]}" touch "$disk/file.1" "$disk/file.2"
    writes "$name-1" file.1 "$1" &
    writes "$name-2" file.2 "$1"
    wait "$!"
    both=0
    for part in 1 2; do
      "$filler" check "$disk/file.$part" "$(accepted "$name-$part")" || return 1
      grep -q 'write ENOSPC\|write EDQUOT' "$WORK/$name-$part.out" ||
        { note "writer $part wasn't told"; return 1; }
      both=$((both + $(accepted "$name-$part")))
    done
    [ "$name" = shim ] || plain=$both
  done
  near "$both" "$plain" || { note "$both accepted, plain $plain"; return 1; }
  emptied "$disk"/file.*
}

# fill_in_every_way: the disk is mounted.
fill_in_every_way() {
  local way bad=0 ways=("${WAYS[@]}")
  if [ "${SEQSHIM_LONG:-0}" = 0 ]; then leave_free $((24 << 20)); else ways+=("${MORE_WAYS[@]}"); fi
  for way in "${ways[@]}"; do
    # shellcheck disable=SC2086
    fill $way || { note "FAILED: $way"; bad=1; }
  done
  fill_by_two 10240 || { note "FAILED: two writers"; bad=1; }
  [ "$bytewise" = yes ] || return "$bad"
  settings=(SEQSHIM_CLUSTER=64K)
  leave_free 300000
  fill 1 || { note "FAILED: 1"; bad=1; }
  return "$bad"
}

test_ext4() {
  prepare
  mount_image 64 rw mkfs.ext4 -q -F
  fill_in_every_way
  leave_disk
}
# Its least size is 300 MiB, and so it is filled first.
test_xfs() {
  prepare
  mount_image 300 rw mkfs.xfs -q -f
  leave_free $((48 << 20))
  fill_in_every_way
  leave_disk
}
test_btrfs() {
  prepare
  cached=no bytewise=no  # a reservation isn't all that a write needs there
  MORE_WAYS+=("${WAYS[0]}")
  WAYS=("${WAYS[@]:1}")
  mount_image 64 rw mkfs.btrfs -q -f --mixed
  fill_in_every_way
  leave_disk
}
test_tmpfs() {
  prepare
  cached=no
  mount -t tmpfs -o size=64m none "$disk"
  fill_in_every_way
  leave_disk
}

# A user of the disk with 24 MiB of it. The reserve is below what he may have, above nothing.
test_quota() {
  prepare
  need setquota setpriv quotacheck quotaon
  mount_image 64 usrquota mkfs.ext4 -q -F -O quota
  setquota -u 65534 0 24576 0 0 "$disk" 2>"$WORK/quota.log" ||
    skip "no quotas here: $(tail -n 1 "$WORK/quota.log")"
  chmod 777 "$disk" "$WORK"
  as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  "${as[@]}" test -r "$BUILD/libseqshim.so" -a -x "$filler" || skip "nobody can't read $BUILD"
  fill_in_every_way
  leave_disk
}
# Limits on btrfs's groups of subvolumes, which statfs says nothing of.
test_btrfs_quota() {
  prepare
  cached=no
  need btrfs
  mount_image 3072 rw mkfs.btrfs -q -f
  btrfs quota enable "$disk" 2>"$WORK/quota.log" || skip "no quotas here: $(cat "$WORK/quota.log")"
  btrfs subvolume create "$disk/limited" >/dev/null
  btrfs qgroup limit 24M "$disk/limited"
  local way
  for way in 10240 1048576 '12347 stdio'; do
    mounted=$disk disk=$disk/limited
    # shellcheck disable=SC2086
    fill $way
    disk=$mounted
    sync -f "$disk"
  done
  leave_disk
}

# Far from every limit there is nothing but a look; three others as cheap once for each device.
test_far_from_the_limit() {
  need strace tar
  [ -n "$LIB" ] || skip "there is no library to look at"
  [ "$(free_bytes "$WORK")" -gt $((4 << 30)) ] || skip "the disk is too full for this"
  on_disk "$WORK" || skip "not on a disk"
  local i
  mkdir "$WORK/tree" "$WORK/out"
  for i in {1..100}; do head -c 70000 /dev/zero >"$WORK/tree/$i"; done
  tar cf "$WORK/tree.tar" -C "$WORK" tree
  strace -f -o "$WORK/trace" -E LD_PRELOAD="$LIB" -E SEQSHIM_MATCH="$WORK/out/*" \
    -e trace=fstatfs,quotactl,?quotactl_fd,fallocate,ftruncate tar xf "$WORK/tree.tar" -C "$WORK/out"
  diff -r "$WORK/tree" "$WORK/out/tree"
  local looks others
  looks=$(grep -c fstatfs "$WORK/trace")
  others=$(grep -c -v -e fstatfs -e '+++' "$WORK/trace" || true)
  if [ "$looks" -lt 100 ] || [ "$looks" -gt 101 ] || [ "$others" -gt 7 ]; then
    fail "$looks looks at 100 files, $others calls besides"
  fi
}

# The files plain and shim; one block more or less says where their extents are.
same_blocks() {
  local plain shim
  plain=$(stat -c %b "$disk/plain") shim=$(stat -c %b "$disk/shim")
  if [ "$shim" -gt $((plain + 8)) ] || [ "$plain" -gt $((shim + 8)) ]; then
    fail "$shim blocks, plain $plain"
  fi
}

# Near the limit: what was reserved and isn't used leaves neither blocks nor another time.
test_reserved_and_given_back() {
  prepare
  need strace
  mount_image 64 rw mkfs.ext4 -q -F -b 4096
  local rest
  for rest in '' times; do
    writes plain plain 10007 most=5000000 $rest
    env SEQSHIM_MATCH="$disk/*" strace -f -o "$WORK/trace" -e trace=fallocate,ftruncate \
      ${LIB:+-E LD_PRELOAD="$LIB"} "$filler" "$disk/shim" 10007 most=5000000 $rest >/dev/null
    [ -z "$LIB" ] || grep -q 'fallocate.*= 0' "$WORK/trace" || fail "nothing was reserved"
    cmp "$disk/plain" "$disk/shim"
    sync -f "$disk"
    same_blocks
    [ -z "$rest" ] || [ "$(stat -c %Y "$disk/shim")" = 1000000000 ] || fail "another time"
    rm "$disk/plain" "$disk/shim"
  done
  leave_disk
}

# While another process has the file open, nothing is cut off; the rest stays reserved.
test_reserved_and_watched() {
  prepare
  mount_image 64 rw mkfs.ext4 -q -F
  : >"$disk/file"
  exec 9>>"$disk/file"
  writes shim file 10007 most=5000000
  echo end >&9
  exec 9>&-
  [ "$(size_of "$disk/file")" = $(($(accepted shim) + 4)) ] || fail "what was appended is lost"
  leave_disk
}

# Files with holes, near the limit: as many blocks as plain.
test_sparse() {
  prepare
  mount_image 64 rw mkfs.ext4 -q -F -b 4096
  local way name
  for way in '100 gaps=100000 most=100000' '65536 gaps=65536 most=6000000' \
    '200000 gaps=3000000 most=6000000' '3000000 gaps=3000000 most=6000000'; do
    for name in plain shim; do
      # shellcheck disable=SC2086
      writes "$name" "$name" $way
    done
    cmp "$disk/plain" "$disk/shim"
    sync -f "$disk"
    same_blocks
    rm "$disk/plain" "$disk/shim"
  done
  leave_disk
}

# meanwhile COMMAND...: while the writer, which has turn=$WORK/turn, waits in its middle.
meanwhile() {
  : <"$WORK/turn.there"
  "$@"
  : >"$WORK/turn.back"
}

# Far from the limit, and then somebody else takes everything at once: what had been accepted and
# can't be written any more is told, and nothing lands behind the gap.
take_all() {
  leave_free 0
  dd if=/dev/zero of="$disk/rest" bs=1M status=none 2>/dev/null || true
  dd if=/dev/zero of="$disk/rest" bs=4096 oflag=append conv=notrunc status=none 2>/dev/null || true
}
test_space_taken() {
  prepare
  mount_image 3072 rw mkfs.ext4 -q -F
  mkfifo "$WORK/turn.there" "$WORK/turn.back"
  local engine size
  for engine in thread sync; do
    settings=("SEQSHIM_ENGINE=$engine")
    writes shim file 10240 at=5000000 most=40000000 turn="$WORK/turn" &
    meanwhile take_all
    wait "$!"
    size=$(size_of "$disk/file")
    "$filler" check "$disk/file" "$size"
    [ "$size" -le "$(accepted shim)" ] || fail "more in the file than was accepted"
    failures shim | grep -q ENOSPC || fail "nobody was told"
    rm -f "$disk/file" "$disk"/ballast.* "$disk/rest"
  done
  leave_disk
}

# Killed then, it leaves to the guard what can't be written any more: the log tells how much that is.
test_space_taken_and_killed() {
  prepare
  if [ -z "$LIB" ] || [ ! -x "$BUILD/seqshim" ]; then skip "there is no command here"; fi
  mount_image 3072 rw mkfs.ext4 -q -F
  mkfifo "$WORK/turn.there" "$WORK/turn.back"
  # Each cluster is written when it is full, and the last one isn't.
  "$BUILD/seqshim" -m "$disk/*" --engine sync --idle 0 --log "$WORK/log" -- \
    sh -c 'echo $$ >"$0"; exec "$@"' "$WORK/writer" \
    "$filler" "$disk/file" 10240 at=5000000 turn="$WORK/turn" &
  local command=$! accepted=$(((5000000 + 10239) / 10240 * 10240)) lost code=0
  : <"$WORK/turn.there"
  take_all
  kill -KILL "$(cat "$WORK/writer")"
  wait "$command" || code=$?
  [ "$code" = 137 ] || fail "ended with $code"
  lost=$(sed -n "s|^[^ ]*Z $(cat "$WORK/writer") lost $disk/file bytes \([0-9]*\), clusters 1, error 28$|\1|p" \
    "$WORK/log")
  [ "${lost:-0}" -gt 0 ] || fail "the log: $(cat "$WORK/log")"
  [ $(($(size_of "$disk/file") + lost)) = "$accepted" ] ||
    fail "$accepted accepted, $(size_of "$disk/file") in the file, $lost lost"
  "$filler" check "$disk/file" "$(size_of "$disk/file")"
  leave_disk
}

# A limit on the size of files, set while bytes are on their way: by the program, and from outside.
# What was accepted before isn't bound by it.
test_size_limit() {
  prepare
  mount_image 3072 rw mkfs.ext4 -q -F
  local limit
  for limit in 2000000 2500000 2600001 9000000; do
    fill 10000 at=2500000 limit=$limit most=12000000
  done
  leave_disk
}
test_size_limit_from_outside() {
  prepare
  need prlimit
  mount_image 3072 rw mkfs.ext4 -q -F
  mkfifo "$WORK/turn.there" "$WORK/turn.back"
  local engine limit writer
  for engine in thread sync; do
    for limit in 1000000 2500000 4000000; do
      settings=("SEQSHIM_ENGINE=$engine")
      as=(sh -c 'echo $$ >"$0"; exec "$@"' "$WORK/writer")
      writes shim file 10000 at=2500000 most=12000000 turn="$WORK/turn" &
      writer=$!
      limit_writer() { prlimit --pid "$(cat "$WORK/writer")" --fsize="$limit:unlimited"; }
      meanwhile limit_writer
      wait "$writer"
      intact shim file
      failures shim | grep -qx 'write EFBIG' || fail "no limit was met"
      # Noticed at the next cluster bound at the latest.
      [ "$(accepted shim)" -le $(((limit > 2500000 ? limit : 2500000) + (2 << 20))) ] ||
        fail "$(accepted shim) bytes accepted with a limit of $limit"
      rm "$disk/file"
    done
  done
  leave_disk
}

# The largest file that the file system can hold.
test_largest_file() {
  prepare
  mount_image 3072 rw mkfs.ext4 -q -F -b 1024 -O ^extent,^64bit,^metadata_csum
  local largest=$(((12 + 256 + 256 * 256 + 256 * 256 * 256) << 10)) before
  for before in 5000000 700000 3000; do
    [ $before = 5000000 ] || cached=no
    fill 10000 from=$((largest - before)) most=6000000
  done
  leave_disk
}

TESTS_DIR=full
run_tests "$@"
