# shellcheck shell=bash disable=SC2034
needs='tar zstd'
run() { tar --zstd -cf a.tzst -C "$IN" tree noise; }
title='tar --zstd'
large() { tar --zstd -cf a.tzst -C "$IN" large-tree; }
