# shellcheck shell=bash disable=SC2034
needs=tar
mtimes='.+'
run() { tar xpf "$IN/tree-sparse.tar"; }
