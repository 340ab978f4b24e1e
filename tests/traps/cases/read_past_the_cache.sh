# shellcheck shell=bash disable=SC2034,SC2154
# SEQSHIM_READ: the same of files that are only read.
run() { SEQSHIM_READ='*' preloaded "$WORK/program"; }
