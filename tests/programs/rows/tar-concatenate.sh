# shellcheck shell=bash disable=SC2034
needs=tar
setup() { cp "$IN/tree.tar" a.tar; tar cf b.tar -C "$IN" src text; }
run() { tar -Af a.tar b.tar; }
