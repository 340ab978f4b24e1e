# shellcheck shell=bash disable=SC2034
# Several writers in turn by one open file description.
needs='bash dash'
run() { in_shells <<'SH'
  { echo builtin; seq 10000; dd if="$IN/noise" bs=999 count=1000 status=none; printf '%s\n' done; cat "$IN/text"; } >a
  for i in 1 2 3 4 5; do echo "$i"; head -c 5000 "$IN/noise"; done >b
  { tar cf - -C "$IN" src; gzip -nc "$IN/text"; } >c
  { dd if=/dev/zero bs=3000 count=1 status=none; (dd if=/dev/zero bs=2000 count=5 status=none); echo end; } >d
SH
}
