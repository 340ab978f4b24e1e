# shellcheck shell=bash disable=SC2034
needs='bash dash'
run() { in_shells <<'SH'
  seq 100000 >a
  seq 1000 >>a
  cat a a >b
  echo short >c; echo shorter >c; : >d; >e
  dd if="$IN/noise" bs=5000 status=none >f
  dd if="$IN/text" bs=5000 status=none 1<>f
SH
}
title='a group > file'
large() { { head -c 9000000 "$IN/large"; dd if="$IN/large" bs=9999 status=none count=1000; seq 100000; } >a; }
