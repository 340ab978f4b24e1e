# shellcheck shell=bash disable=SC2034
needs=sqlite3
prepare() {
  sqlite3 "$BESIDE/large.db" "create table t(a integer, b text);
    with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
    insert into t select x, hex(zeroblob(500)) from n;"
}
run() {
  sqlite3 a.db "create table t(a integer primary key, b text, c blob);
    with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
    insert into t select x, 'row ' || x, zeroblob(x % 50) from n; create index i on t(b);"
  sqlite3 a.db .dump >dump; sqlite3 b.db <dump; sqlite3 a.db '.backup c.db' '.output listed' 'select a, b from t'
  sqlite3 a.db 'delete from t where a % 3' vacuum "vacuum into 'd.db'" 'pragma integrity_check'
  sqlite3 -csv a.db 'select * from t' >e.csv; sqlite3 c.db '.once f' '.mode tabs' 'select a from t' 'pragma integrity_check'
}
title='sqlite3 .dump > file'
large() { sqlite3 "$BESIDE/large.db" .dump >dump; }
