# shellcheck shell=bash disable=SC2034
# The shell that opens and positions the file isn't preloaded, the writers are.
needs='bash dash'
run() {
  for shell in bash dash; do
    mkdir $shell
    (cd $shell && plain $shell -euc "with='env LD_PRELOAD=${LD_PRELOAD:-}'"'
      { echo head; $with dd if="$IN/noise" bs=999 count=1000 status=none; seq 1000; $with dd if="$IN/text" bs=10240 status=none; } >a
      $with tar cf - -C "$IN" tree >b
      exec 3>c; $with sh -c "seq 1000 >&3; echo shell >&3"; echo tail >&3
      { $with dd if="$IN/noise" bs=100 count=100 status=none & wait; echo end; } >d')
  done
}
