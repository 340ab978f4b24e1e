# shellcheck shell=bash disable=SC2034
needs='bash dash perl'
run() { in_shells <<'SH'
  { for job in 1 2 3; do
      perl -e 'syswrite STDOUT, "job $ARGV[0] line $_ " . "x" x ($_ % 700) . "\n" for 1 .. 1000' $job &
    done
    wait; echo end; } >log
SH
}
normalise() { sort_in_place bash/log dash/log; }
