# shellcheck shell=bash disable=SC2034
needs=rsync
mtimes='sparse|x/.*'
run() { rsync -aS "$IN/sparse" .; rsync -a "$IN/tree/deep/" x; rsync -aS --inplace --no-whole-file "$IN/tree/deep/" x; }
