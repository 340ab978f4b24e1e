# shellcheck shell=bash disable=SC2034
# A process appends while another copies and truncates: what is left is its last line.
# The copy is beside: a cp that reads and writes has that cached, as it should be.
managed=no
needs='bash dash perl'
run() { in_shells <<'SH'
  perl -e 'open F, ">>", "log"; for (1 .. 2000) {syswrite F, "line $_\n"; select undef, undef, undef, 0.0001}' &
  for i in 1 2 3; do sleep 0.05; cp log "$BESIDE/log.old"; : >log; done
  wait
  tail -n 1 log
SH
}
normalise() { rm -f bash/log* dash/log*; }
