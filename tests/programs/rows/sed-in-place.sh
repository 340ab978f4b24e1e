# shellcheck shell=bash disable=SC2034
needs=sed
run() {
  cp "$IN/text" a; cp "$IN/small-text" b
  sed -i -e 's/amber/AMBER/' -e '100,200d' a b
  sed -i.bak 1d b
  sed -n -e '/basalt/w basalt' -e '/delta/w delta' "$IN/text"
}
title='sed -i'
large() { cp "$IN/large-text" a; sed -i s/fjord/FJORD/ a; }
