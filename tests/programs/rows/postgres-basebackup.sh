# shellcheck shell=bash disable=SC2034
for directory in /usr/lib/postgresql/*/bin; do PATH=$directory:$PATH; done
needs='initdb pg_ctl pg_basebackup pg_verifybackup'
prepare() { start_postgres; }
finish() { stop_postgres; }
backup() { use_postgres; pg_basebackup -N -c fast -X none --no-verify-checksums "$@"; }
run() { backup -D plain; backup -Ft -D tar; }
# Some files of a backup depend on the moment it was made.
normalise() {
  for archive in tar/base.tar all.tar; do
    [ ! -e "$archive" ] || { mkdir "$archive.x" && tar -xf "$archive" -C "$archive.x" && rm "$archive"; }
  done
  [ ! -e plain ] || pg_verifybackup -n plain
  for backup in plain tar/base.tar.x all.tar.x; do
    (cd "$backup" 2>/dev/null && rm -rf pg_wal global/pg_control backup_label backup_manifest) || true
  done
  rm -f tar/backup_manifest
}
title='pg_basebackup -Ft > file'
large() { backup -Ft -D - >all.tar; }
