# shellcheck shell=bash disable=SC2034
# Seeks back to patch its headers.
needs='zip unzip'
mtimes='x/(text|noise)'
run() {
  (cd "$IN" && zip -q "$OUT/a.zip" -X -r src text noise)
  (cd "$IN" && zip -q - -X text >"$OUT/b.zip")
  unzip -q a.zip -d x
}
title='zip, stored'
large() { cd "$IN" && zip -q -X -0 -r "$OUT/a.zip" large-tree; }
