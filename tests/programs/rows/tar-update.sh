# shellcheck shell=bash disable=SC2034
needs=tar
setup() { cp "$IN/tree.tar" a.tar; mkdir tree; cp "$IN/text" tree/f512; touch -d 2030-01-01 tree tree/f512; }
run() { tar uf a.tar tree; }
