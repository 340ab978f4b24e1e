# shellcheck shell=bash disable=SC2034
needs=tar
run() { tar -cM -L 1000 -f 1.tar -f 2.tar -f 3.tar -f 4.tar -C "$IN" tree/deep/er tree/f65536; }
