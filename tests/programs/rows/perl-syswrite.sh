# shellcheck shell=bash disable=SC2034
needs=perl
run() {
  perl -e 'open F, ">", "f"; for (1 .. 30000) {syswrite F, "line $_ "; syswrite F, "x" x ($_ % 300)}
    print sysseek(F, 0, 1), " ", -s F, "\n"; truncate F, 1000000; syswrite F, "end"'
}
title='perl syswrite'
large() { perl -e 'open F, ">", "a"; syswrite F, "x" x 100 for 1 .. 200000'; }
