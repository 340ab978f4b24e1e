# shellcheck shell=bash disable=SC2034
# Seeks back to patch its headers, when standard output is a file.
needs='zip unzip'
run() {
  (cd "$IN" && zip -q -X -r - src text noise) >a.zip; (cd "$IN" && zip -q -X -r - src text | cat) >b.zip
  { echo before; (cd "$IN" && zip -q -X - text); echo after; } >c
  (cd "$IN" && zip -q -X - small-text) >>a.zip; unzip -tq b.zip
}
title='zip - > file, stored'
large() { (cd "$IN" && zip -q -X -0 - large) >a.zip; }
