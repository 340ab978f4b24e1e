# shellcheck shell=bash disable=SC2034
# Concurrent writers in one description: any order, no byte lost.
needs='bash dash'
run() { in_shells <<'SH'
  exec >log
  for job in 1 2 3 4; do
    (i=0; while [ $i -lt 300 ]; do i=$((i + 1)); echo "job $job line $i"; done) &
  done
  i=0; while [ $i -lt 300 ]; do i=$((i + 1)); echo "parent line $i"; done
  wait
SH
}
normalise() { sort_in_place bash/log dash/log; }
