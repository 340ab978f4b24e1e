# shellcheck shell=bash disable=SC2034
needs=cat
run() {
  cat "$IN/noise" >a
  cat <"$IN/noise" >>a
  cat "$IN/text" "$IN/noise" "$IN/text" >b
  cat b - <a >c
  cat "$IN/noise" | cat >piped
  { cat "$IN/small-text"; cat "$IN/noise"; cat "$IN/small-text"; } >d
}
title='cat > file'
large() { cat "$IN/large" >a; }
