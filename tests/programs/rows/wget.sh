# shellcheck shell=bash disable=SC2034
needs='wget python3'
mtimes='noise|b|text'
prepare() { start_serving; }
finish() { stop_serving; }
run() {
  wget -q "$(served noise)"; wget -q -O - "$(served text)" >a; wget -q -O b "$(served noise)"
  head -c 1000001 "$IN/text" >text; wget -q -c "$(served text)"; wget -q "$(served none)" || echo "$?"
}
normalise() { [ ! -e b ] || touch -r noise b; }
title='wget'
large() { wget -q "$(served large)"; touch -d @0 large; }
