# shellcheck shell=bash disable=SC2034
needs='grep sed awk seq od base64 paste nl tac uniq sha256sum'
run() {
  grep ember "$IN/text" >grep; sed 's/cedar/CEDAR/g' "$IN/text" >sed; awk '{print $3, $2}' "$IN/text" >awk
  seq 200000 >seq; od -c "$IN/text.gz" >od; base64 "$IN/noise" >base64; base64 -d base64 >raw
  paste -d: seq seq >paste; nl "$IN/text" >nl; tac "$IN/text" >tac; uniq "$IN/text" uniq
  sha256sum seq tac raw >sums; sha256sum -c sums
}
title='grep > file'
large() { grep -v xyz "$IN/large-text" >a; }
