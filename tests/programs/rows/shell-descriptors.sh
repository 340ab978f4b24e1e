# shellcheck shell=bash disable=SC2034
needs='bash dash'
run() { in_shells <<'SH'
  { echo out; echo err >&2; seq 1000; ls /nonexistent 2>&1 || :; } >both 2>&1
  set -C; if (echo x >both) 2>/dev/null; then echo clobbered; fi; set +C
  exec 5>five; exec 6>&5; echo five >&5; exec 5>&-; echo six >&6; dd if="$IN/noise" bs=1000 count=500 status=none >&6
  exec 6>other; echo other >&6
  { echo a >&7; } 7>seven; { seq 5 >&8; seq 6 >&8; } 8>>seven
SH
}
