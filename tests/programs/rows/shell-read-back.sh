# shellcheck shell=bash disable=SC2034
# Reads what it just wrote by the same and by other descriptors.
needs='bash dash'
run() { in_shells <<'SH'
  exec 3<>f
  seq 10000 >&3
  wc -c <f
  head -n 3 f
  echo middle >&3
  tail -n 1 f
  exec 3<f; read line <&3; echo "$line"
  while read line; do last=$line; done <f; echo "$last"
  { echo one; cat f | tail -n 1; echo two; } >>f
  exec 4<>f; read line <&4; echo OVER >&4; exec 4>&-; head -n 3 f
SH
}
