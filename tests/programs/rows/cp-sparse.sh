# shellcheck shell=bash disable=SC2034
needs=cp
run() { cp --sparse=always "$IN/sparse" a; cp --sparse=auto "$IN/sparse" b; cp --sparse=always "$IN/noise" c; cp --sparse=always a c; }
title='cp --sparse=always'
large() { cp --sparse=always "$IN/large" a; }
