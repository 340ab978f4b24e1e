# shellcheck shell=bash disable=SC2034
# Owner, mode and time are set on the open descriptor, after the last write, before close.
needs=tar
mtimes='.+'
run() { tar xpf "$IN/tree.tar"; }
title='tar xf'
large() { tar xf "$IN/large.tar"; }
