# shellcheck shell=bash disable=SC2034
needs='curl python3'
mtimes='dated'
prepare() { start_serving; }
finish() { stop_serving; }
run() {
  curl -s -o a "$(served noise)"; curl -s "$(served text)" >b; curl -sS -R -o dated "$(served noise)"
  head -c 1000001 "$IN/noise" >c; curl -s -C - -o c "$(served noise)"
  curl -s -O "$(served small-text)" -O "$(served text)"; curl -sf -o none "$(served none)" || echo "$?"
  curl -s --create-dirs -o x/y "$(served text)"; curl -s -D headers -o d "$(served text)"
}
normalise() { [ ! -e headers ] || sed -i -e '/^Date/d' headers; }
title='curl -o'
large() { curl -s -o a "$(served large)"; }
