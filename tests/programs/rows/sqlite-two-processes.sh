# shellcheck shell=bash disable=SC2034
# POSIX locks between processes.
needs=sqlite3
run() {
  sqlite3 a.db 'create table t(a integer primary key, b)'
  for i in 1 2; do
    for j in 1 2 3 4 5 6 7 8 9 10; do
      echo ".timeout 30000"; echo "insert into t select $i * 1000000 + $j * 10000 + value, zeroblob(50) from generate_series(1, 500);"
    done | sqlite3 a.db &
  done
  wait
  sqlite3 a.db 'pragma integrity_check'
}
normalise() { sqlite3 a.db 'select * from t order by a' >rows; rm a.db; }
