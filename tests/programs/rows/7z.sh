# shellcheck shell=bash disable=SC2034
needs=7z
mtimes='x/text'
# Its zip stores times of access.
prepare() { read_once "$IN/text" "$IN/noise" "$IN/small-text"; }
# Says how long it took, and how much memory it had.
run() {
  7z a -bd -mx=1 -mmt=2 a.7z "$IN/text" "$IN/src" >/dev/null
  7z a -bd -mx=1 b.zip "$IN/text" "$IN/noise" >/dev/null; 7z u -bd b.zip "$IN/small-text" >/dev/null
  7z x -bd -ox a.7z >/dev/null; 7z x -bd -so a.7z text >redirected
  (cd "$IN" && 7z a -bd -mx=1 -si -so -tgzip "$OUT/c.gz" <text) >c.gz 2>/dev/null; 7z d -bd b.zip noise >/dev/null
}
title='7z a, stored'
large() { 7z a -bd -mx=0 a.7z "$IN/large" >/dev/null; }
