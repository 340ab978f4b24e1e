#!/usr/bin/env bash
# Backs up a PostgreSQL: a dump of one database, and a base backup of the whole server.
#
# For whoever runs pg_dump or pg_basebackup at night on the machine of the database, whose cache the
# dump would otherwise fill with itself:
#
#     seqshim -m '*.dump' -- pg_dump -Fc -f /backup/shop.dump shop
#     seqshim -m '/backup/base/*' -- pg_basebackup -D /backup/base
#
# The server itself runs without seqshim: it knows how to write its files. Here it is one of its own,
# made for the example and removed after it, which only listens on a socket in a directory of its own.
# A small server has hundreds of files below 256 KiB: those go through the page cache as ever.
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with a database of about that size; 64M if not said
#
# Needs postgresql; as root also its user, postgres.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 64M "$@"
for directory in /usr/lib/postgresql/*/bin; do PATH=$directory:$PATH; done
need initdb postgresql

# The server refuses to run as root, and can't begin in a directory that its user may not enter.
as_postgres() (
  cd /
  if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- "$@"; else exec "$@"; fi
)

start_server() {
  # The path of a socket must be short, so it isn't in $DIR.
  server=$(as_postgres mktemp -d /tmp/seqshim-example.XXXXXX)
  as_postgres initdb -D "$server/data" -U postgres -A trust -E UTF8 --no-sync >/dev/null
  as_postgres tee -a "$server/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$server'
port = 54321
fsync = off
CONF
  as_postgres pg_ctl -D "$server/data" -s -w -l "$server/log" start || fail "$(cat "$server/log")"
  export PGHOST=$server PGPORT=54321 PGUSER=postgres
}

at_end() {
  [ -n "${server:-}" ] || return 0
  as_postgres pg_ctl -D "$server/data" -s -m immediate stop
  rm -rf "$server"
}

query() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
checksum() { query -d "$1" -c 'select count(*), sum(hashtext(customer || note)) from orders'; }

start_server
query -d postgres -c 'create database shop' -c 'create database restored'
query -d shop -c "create table orders as
  select n as id, 'customer ' || n % 1000 as customer, repeat(md5(n::text), 7) as note
  from generate_series(1, $((BYTES / 300))) n"

seqshim -m '*.dump' -- pg_dump -Fc -Z 1 -f "$DIR/shop.dump" shop
seqshim -m "$DIR/base/*" -- pg_basebackup --checkpoint=fast -D "$DIR/base"
left=$(left_cached "$DIR" -size +255k)

[[ $(pg_restore --list "$DIR/shop.dump") = *'TABLE DATA public orders'* ]] || fail "the dump lacks the table"
pg_restore -d restored "$DIR/shop.dump"
[ "$(checksum shop)" = "$(checksum restored)" ] || fail "what was restored differs"
pg_verifybackup -q "$DIR/base" || fail "the base backup isn't what the server sent"
say "postgres: a dump of $(mib "$DIR/shop.dump") MiB, restored and the same; a base backup of" \
  "$(mib "$DIR/base") MiB, verified."
say "Of the files of 256 KiB and more, $left."
