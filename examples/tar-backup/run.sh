#!/usr/bin/env bash
# Backs up a directory with tar, and leaves the page cache to those who need it.
#
# For whoever has tar in a cron job, on a machine that has better use for its memory. One word goes
# before the command:
#
#     seqshim -m '/backup/*' -r '/home/*' -- tar cf /backup/home.tar /home
#
# -m names the files to write past the page cache, -r those that are only read and shall not stay
# there either. The archive is the one that tar alone makes, byte for byte.
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with that much to back up; 128M if not said
#
# Needs nothing beyond a bare Debian.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 128M "$@"

make_tree "$DIR/home"
drop_from_cache "$DIR/home"
mkdir "$DIR/backup" "$DIR/restored"

seqshim -m "$DIR/backup/*" -r "$DIR/home/*" -- tar cf "$DIR/backup/home.tar" -C "$DIR" home
left=$(left_cached "$DIR/home" "$DIR/backup")

tar xf "$DIR/backup/home.tar" -C "$DIR/restored"
diff -r "$DIR/home" "$DIR/restored/home" || fail "what was restored differs"
say "tar-backup: $(mib "$DIR/backup") MiB archived, restored and the same."
say "Of the archive and of the files in it, $left."
