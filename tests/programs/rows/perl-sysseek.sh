# shellcheck shell=bash disable=SC2034
needs=perl
run() {
  perl -e 'open F, "+>", "f"; for (1 .. 1000) {syswrite F, "r$_ " x 300; if ($_ % 100 == 0) {
    sysseek F, $_ * 700, 0; sysread F, $b, 10; print "$b\n"; sysseek F, -3, 1; syswrite F, "<here>"; sysseek F, 0, 2}}'
}
