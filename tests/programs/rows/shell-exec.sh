# shellcheck shell=bash disable=SC2034
needs='bash dash'
run() { in_shells <<'SH'
  exec 3>&1 >f
  echo line; seq 50000; dd if="$IN/noise" bs=7777 status=none
  (echo subshell; exec seq 100)
  exec 4>&1
  echo four >&4
  exec >&3 3>&-
  wc -c <f
  echo still >&4
SH
}
