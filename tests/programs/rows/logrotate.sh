# shellcheck shell=bash disable=SC2034
# The log is copied and truncated while a program has it open, appending or not.
needs=logrotate
run() {
  printf '%s {\n  rotate 3\n  copytruncate\n}\n' "$OUT/appended" "$OUT/written" >conf
  printf '"%s" {\n  rotate 3\n  create\n  compress\n compresscmd /bin/gzip\n compressoptions -n\n}\n' "$OUT/moved" >>conf
  cp "$IN/text" moved
  exec 3>>appended 4>written
  for round in 1 2 3 4; do
    seq 5000 >&3; dd if="$IN/noise" bs=999 count=200 status=none >&4
    logrotate -f -s state conf
    seq 100 >>moved
  done
  seq 200 >&3; seq 200 >&4
}
normalise() { rm -f state; }
title='logrotate copytruncate'
large() {
  printf '%s {\n  rotate 3\n  copytruncate\n}\n' "$OUT/a" >conf
  cp "$IN/large" a; logrotate -f -s state conf
}
