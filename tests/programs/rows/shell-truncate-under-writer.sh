# shellcheck shell=bash disable=SC2034
# logrotate's copytruncate: a live writer with and without O_APPEND.
needs='bash dash'
run() { in_shells <<'SH'
  exec 3>>appended 4>written
  for i in 1 2 3; do
    seq 1000 >&3; seq 1000 >&4; dd if="$IN/noise" bs=3000 count=30 status=none >&4
    cp appended appended.$i; cp written written.$i
    : >appended; : >written
  done
  echo end >&3; echo end >&4
SH
}
