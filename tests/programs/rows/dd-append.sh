# shellcheck shell=bash disable=SC2034
needs=dd
managed=no
setup() { cp "$IN/small-text" f; }
run() { dd if="$IN/noise" of=f bs=10240 oflag=append conv=notrunc status=noxfer; }
title='dd oflag=append'
residue='O_APPEND passes through without SEQSHIM_APPEND=1'
large() { dd if="$IN/large" of=f bs=10240 oflag=append conv=notrunc status=none; }
