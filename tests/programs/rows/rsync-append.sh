# shellcheck shell=bash disable=SC2034
needs=rsync
mtimes='noise'
setup() { head -c 1234567 "$IN/noise" >noise; touch -d 2001-01-01 noise; }
run() { rsync -a --append "$IN/noise" .; }
