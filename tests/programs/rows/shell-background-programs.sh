# shellcheck shell=bash disable=SC2034
needs='bash dash perl'
run() { in_shells <<'SH'
  { for job in 1 2 3; do
      perl -e 'syswrite STDOUT, "job $ARGV[0] line $_ " . "x" x ($_ % 700) . "\n" for 1 .. 1000' $job &
    done
    wait; echo end; } >log
SH
}
normalise() { sort_in_place $(find . -name log); }
title='4 programs, one > file'
residue='pages that two programs wrote'
large() {
  { for job in 1 2 3 4; do
      perl -e 'syswrite STDOUT, "job $ARGV[0] line $_ " . "x" x 980 . "\n" for 1 .. 5000' $job &
    done
    wait; } >log
}
