# shellcheck shell=bash disable=SC2034
for directory in /usr/lib/postgresql/*/bin; do PATH=$directory:$PATH; done
needs='initdb pg_ctl psql pg_dump pg_restore'
prepare() {
  start_postgres; use_postgres
  psql -qX <<'SQL'
create database small;
create database large;
\c small
create table t(a integer primary key, b text, c numeric);
insert into t select n, 'row ' || n, n / 3.0 from generate_series(1, 20000) n;
create view v as select a from t;
comment on table t is 'a table';
\c large
create table t(a integer, b text);
insert into t select n, repeat(md5(n::text), 30) from generate_series(1, 20000) n;
SQL
}
finish() { stop_postgres; }
run() {
  use_postgres
  pg_dump small -f a.sql; pg_dump small >b.sql; pg_dump -Fc small -f c.dump; pg_dump -Fc -Z0 small >d.dump
  pg_dump -Ft small -f e.tar; pg_dump --no-sync -Fd -j2 small -f f; pg_dumpall -g -f g.sql
  pg_restore -f h.sql c.dump; pg_restore -l d.dump | grep -c TABLE; pg_restore e.tar >i.sql
  psql -X -o j small -c 'select * from t'; psql -X small -c 'copy t to stdout' >k; psql -X small -c '\copy t to l csv'
  psql -X -A small -c 'select * from v' >m
}
# Dumps that aren't text hold the time they were made; those that are, a random word.
normalise() {
  for dump in *.dump *.tar f; do
    [ ! -e "$dump" ] || { pg_restore -f "$dump.sql" "$dump" && rm -r "$dump"; }
  done
  sed -i -e '/^\\restrict /d' -e '/^\\unrestrict /d' ./*.sql
}
title='pg_dump > file'
case $(pg_dump --version 2>/dev/null) in
  *' 1'[0-5].* | '') ;;
  *) residue='since version 16 it makes its output O_APPEND, which passes through without SEQSHIM_APPEND=1' ;;
esac
large() { use_postgres; pg_dump large >a.sql; }
