# shellcheck shell=bash disable=SC2034
needs=cp
run() { cp "$IN/noise" a; cp --reflink=never "$IN/noise-5M" b; cp a b; cp a c; cp --sparse=never "$IN/sparse" d; cp --reflink=auto a e; }
title='cp'
large() { cp --reflink=auto "$IN/large" a; }
