# shellcheck shell=bash disable=SC2034
# A program in the group runs without the shim.
needs='bash dash'
run() { in_shells <<'SH'
  { dd if="$IN/noise" bs=999 count=1000 status=none; env -u LD_PRELOAD dd if="$IN/noise" bs=10 count=100 status=none
    dd if="$IN/text" bs=10240 status=none; env -i PATH="$PATH" cat "$IN/text"; echo end; } >a
  env -i PATH="$PATH" sh -c 'seq 1000; echo x' >b
SH
}
