# shellcheck shell=bash disable=SC2034
needs=tar
run() { tar -cM -L 1000 -f 1.tar -f 2.tar -f 3.tar -f 4.tar -C "$IN" tree/deep/er tree/f65536; }
title='tar cM'
large() { tar -cM -L 7000 -f 1.tar -f 2.tar -f 3.tar -f 4.tar -C "$IN" large-tree; }
