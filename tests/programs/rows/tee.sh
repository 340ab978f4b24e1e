# shellcheck shell=bash disable=SC2034
needs=tee
run() {
  tee a b <"$IN/noise" >c
  tee -a a b <"$IN/small-text" >/dev/null
  echo one | tee -a new | cat >d
}
title='tee'
large() { tee a <"$IN/large" >/dev/null; }
