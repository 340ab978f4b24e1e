# shellcheck shell=bash disable=SC2034
needs=perl
run() {
  perl -e 'open F, ">", "f"; print F "line $_\n" for 1 .. 200000; close F;
    open F, ">>", "f"; print F "more $_\n" for 1 .. 1000; print tell(F), "\n"; close F; print -s "f", "\n"'
  perl -e '$| = 1; print "line $_\n" for 1 .. 5000' >unbuffered
  perl -e 'open F, "+>", "g"; print F "abc" x 50000; seek F, 99999, 0; read F, $b, 10; print "$b\n"; seek F, 10, 0; print F "HERE"'
}
title='perl print'
large() { perl -e 'open F, ">", "a"; print F "line $_ of many\n" x 5 for 1 .. 220000'; }
