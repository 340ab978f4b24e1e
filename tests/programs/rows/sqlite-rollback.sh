# shellcheck shell=bash disable=SC2034
needs=sqlite3
run() {
  sqlite3 a.db 'create table t(a integer primary key, b text, c blob); create index i on t(b);'
  sqlite3 a.db "with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
    insert into t select x, 'row ' || x * 7919 % 10007, zeroblob(x % 100) from n;"
  sqlite3 a.db 'begin; delete from t where a % 3 = 0; rollback; delete from t where a % 5 = 0; pragma integrity_check;'
  sqlite3 a.db 'update t set b = b || b where a % 7 = 0; select count(*), sum(length(b)) from t; pragma integrity_check'
  sqlite3 a.db .dump >dump.sql
  sqlite3 b.db <dump.sql
  sqlite3 a.db vacuum 'pragma integrity_check'
  sqlite3 a.db '.backup c.db'
}
title='sqlite3 insert'
residue='locks its database: handed back'
large() {
  sqlite3 a.db "create table t(a integer, b text);
    with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
    insert into t select x, hex(zeroblob(500)) from n;"
}
