# shellcheck shell=bash disable=SC2034,SC2154,SC2016
# Jobs in the background on one file, waited for; groups in groups; numbers handed down.
run() {
  local shell
  for shell in bash dash; do
    have "$shell" || continue
    mkdir "$shell"
    (cd "$shell" && preloaded "$shell" -euc '
      put() { head -c "$2" /dev/zero | tr "\0" "$1" | dd bs=777 status=none; }
      # One at a time, in the background.
      { put a 300000 & wait; put b 100000; { put c 50000; } & wait; echo end; } >one
      # At a time, each to its own.
      for i in 1 2 3 4; do { put "$i" 400000; echo "$i"; } >"own-$i" & done
      wait
      # Groups in groups, with and without a process each.
      { put a 1000; { put b 2000; ( put c 3000; { put d 4000; } ) ; put e 5000; } ; put f 6000; } >groups
      # Held by the shell under a high number all the while.
      exec 9>held
      put a 100000 >&9
      (put b 100000 >&9; exec 9>&-)
      put c 100000 >&9 &
      wait
      sh -c "dd if=/dev/zero bs=999 count=100 status=none >&9"
      env -u LD_PRELOAD sh -c "echo unpreloaded >&9"
      put d 100000 >&9
      exec 8>&9 9>&-
      put e 100000 >&8
      exec 8>&-
      # Into the same file, read while it is held.
      exec 7<>both
      put x 50000 >&7
      wc -c <both
      put y 50000 >&7
      exec 7>&-
      # A pipe of which each end writes to the file too.
      { put p 100000; echo left >&2; } 2>sides | { cat; echo right >>sides; } >pipe
      sort sides >sorted-sides; rm sides
      # Ended by a trap.
      sh -c "trap \"echo trapped\" EXIT; dd if=/dev/zero bs=100 count=500 status=none; exit 0" >trapped
      sh -c "trap \"echo caught; exit 3\" TERM; dd if=/dev/zero bs=100 count=500 status=none; kill \$\$; echo not" >killed ||
        echo "$?"
    ')
  done
}
