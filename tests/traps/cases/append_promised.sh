# shellcheck shell=bash disable=SC2034,SC2154
# SEQSHIM_APPEND=1: files opened with O_APPEND are cached too.
run() { SEQSHIM_APPEND=1 preloaded "$WORK/program"; }
