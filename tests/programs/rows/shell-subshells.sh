# shellcheck shell=bash disable=SC2034

needs='bash dash'
run() { in_shells <<'SH'
  (echo a; (echo b; (echo c; seq 10000); echo d) ; echo e) >f
  { x=$(echo captured; echo "to the file" >&5); } 5>g; echo "$x" >>g
  (exec >h; seq 1000; dd if="$IN/noise" bs=1000 count=300 status=none; exec 1>&2)
  ( (seq 1000 >&6) 6>i; seq 5 )
SH
}
