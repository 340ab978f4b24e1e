# shellcheck shell=bash disable=SC2034
needs='head tail tr cut'
run() {
  head -c 1000003 "$IN/noise" >a; tail -c 1000003 "$IN/noise" >b; tr a-z A-Z <"$IN/text" >c
  cut -d' ' -f2,3 "$IN/text" >d; { head -n 10 "$IN/text"; tail -n 10 "$IN/text"; } >e
}
title='head -c > file'
large() { head -c 20000000 "$IN/large" >a; }
