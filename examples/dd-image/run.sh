#!/usr/bin/env bash
# Copies a disk into a file with dd, in the small blocks that dd likes, and shows the report.
#
# For whoever images disks, or has a script that calls dd without oflag=direct: which would be slow
# with small blocks, and fails at the last one if the disk isn't a multiple of them.
#
#     seqshim -m '*.img' --report -- dd if=/dev/vdb of=/backup/vdb.img bs=10k
#
# --report prints what was done, on standard error: how many writes came, how many pieces went to the
# disk, and why a file was left to the kernel, if it was.
#
#     run.sh [DIRECTORY]           works in a new or empty directory, which is kept; else in a temporary one
#     SOURCE=/dev/vdb run.sh       copies that disk; else a file that is made for it,
#     SIZE=1G run.sh               of this size; 256M if not said
#
# Needs nothing beyond a bare Debian.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 256M "$@"

if [ -z "${SOURCE:-}" ]; then
  SOURCE=$DIR/disk
  head -c $((BYTES + 512)) /dev/urandom >"$SOURCE"
fi

seqshim -m '*.img' --report="$DIR/report" -- dd if="$SOURCE" of="$DIR/disk.img" bs=10k status=none
left=$(left_cached "$DIR/disk.img")

cat "$DIR/report"
cmp "$SOURCE" "$DIR/disk.img" || fail "the image isn't what the disk is"
say "dd-image: $(mib "$DIR/disk.img") MiB copied and the same. Of the image, $left."
