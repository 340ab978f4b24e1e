# shellcheck shell=bash disable=SC2034
needs=sqlite3
run() {
  for mode in truncate memory off; do
    sqlite3 $mode.db "pragma journal_mode = $mode; pragma page_size = 1024; create table t(a, b);
      with recursive n(x) as (select 1 union all select x + 1 from n where x < 5000)
      insert into t select x, 'row ' || x from n; update t set b = a where a % 9 = 0; pragma integrity_check;"
  done
}
