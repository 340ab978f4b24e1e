# shellcheck shell=bash disable=SC2034,SC2154,SC2030,SC2031
# Started with 0, 1 and 2 closed, a program's files get these numbers: what we have to say, if asked
# to, isn't theirs.
# Older ctest leaves 3 or 4 open.
setup() { compile "$WORK/program" "$here/support/writes_to_low_numbers.c"; }
run() {
  preloaded "$WORK/program" <&- >&- 2>&- 3>&- 4>&-
  mkdir reported
  (cd reported && settings+=(SEQSHIM_REPORT=stderr) && preloaded "$WORK/program" <&- >&- 2>&- 3>&- 4>&-)
  mkdir wrong
  (cd wrong && settings+=(SEQSHIM_DEPTH=wrong) && preloaded "$WORK/program" <&- >&- 2>&- 3>&- 4>&-)
}
