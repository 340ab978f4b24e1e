# shellcheck shell=bash disable=SC2034
managed=no
needs='bash dash'
run() { in_shells <<'SH'
  for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i" >>log; dd if="$IN/noise" bs=1000 count=10 status=none >>log; done
  exec 3>>log 4>>log
  echo three >&3; echo four >&4; seq 1000 >&3; seq 1000 >&4
SH
}
