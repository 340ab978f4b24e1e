# shellcheck shell=bash disable=SC2034
needs=sqlite3
run() {
  sqlite3 a.db 'pragma journal_mode = wal; create table t(a integer primary key, b text);' \
    "with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
    insert into t select x, 'row ' || x from n;" 'delete from t where a % 2;' 'pragma integrity_check;' \
    'pragma wal_checkpoint(truncate);'
  sqlite3 a.db "insert into t select a + 100000, b from t; select count(*) from t; pragma integrity_check;"
}
title='sqlite3 insert, WAL'
residue='the database is locked and handed back; its log is direct'
large() {
  sqlite3 a.db "pragma journal_mode = wal; create table t(a integer, b text);
    with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
    insert into t select x, hex(zeroblob(500)) from n;"
}
