#!/usr/bin/env bash
# Has a systemd service write its backup past the page cache, without touching the service itself.
#
# For whoever administers services that come from elsewhere. A drop-in is a file beside the unit that
# adds to it (systemctl edit makes one). There are two to choose from:
#
#     preload.conf    sets LD_PRELOAD and SEQSHIM_*; all else stays
#     command.conf    starts the service's command by seqshim
#
# With either, leave KillMode= at control-group, the default, under which what is left of a service has
# time to end when its program is gone. With mixed or process-group kills (OOMPolicy=kill) a program
# that is killed takes with it what it had in memory, as a rule the last second's.
#
# A unit that is confined by SystemCallFilter=@system-service is no obstacle. But what it reads stays
# in the page cache then, since nobody may ask what was there before: SystemCallFilter=mincore, added
# to the drop-in, allows for that.
#
# This checks both with systemd-analyze, and then runs what each of them says, with no other environment.
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with that much to back up; 64M if not said
#
# Needs systemd's programs, not that the machine runs by it.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 64M "$@"
need systemd-analyze systemd
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# What a file has, for the directory of this example and for a seqshim that isn't installed.
adapted() { # FILE
  local library
  library=$(dirname "$SEQSHIM")/libseqshim.so
  [ -e "$library" ] || library=libseqshim.so
  sed -e "s|/srv/backup|$DIR/backup|g; s|-C / home|-C $DIR home|; s|/home/|$DIR/home/|; s|/var/log|$DIR|" \
    -e "s|/usr/bin/seqshim|$SEQSHIM|; s|=libseqshim.so|=$library|" "$1"
}

# values KEY FILE: the words that the last KEY=... lines give, as systemd splits them, one a line.
values() { sed -n "s/^$1=\(..*\)/\1/p" "$2" | xargs -r printf '%s\n'; }

# try DROP_IN: checks the service with it, and runs it.
try() {
  local unit=$DIR/$1/nightly-backup.service drop_in environment command
  drop_in=$unit.d/seqshim.conf
  mkdir -p "$unit.d" "$DIR/backup"
  adapted "$here/nightly-backup.service" >"$unit"
  adapted "$here/$1" >"$drop_in"
  systemd-analyze verify --man=no "$unit" 2>"$DIR/complaints" || cat "$DIR/complaints"
  ! grep -F nightly-backup "$DIR/complaints" || fail "systemd objects to $1"

  mapfile -t environment < <(values Environment "$drop_in")
  mapfile -t command < <(values ExecStart "$drop_in")
  [ ${#command[@]} -gt 0 ] || mapfile -t command < <(values ExecStart "$unit")
  (cd / && env -i "${environment[@]}" "${command[@]}")
  left=$(left_cached "$DIR/home" "$DIR/backup")
  tar df "$DIR/backup/home.tar" -C "$DIR" || fail "the archive differs from what is archived"
  say "systemd, $1: the unit is in order; $(mib "$DIR/backup") MiB archived, compared and the same; $left."
  rm -r "$DIR/backup"
}

make_tree "$DIR/home"
for name in preload.conf command.conf; do
  drop_from_cache "$DIR/home"
  try "$name"
done
