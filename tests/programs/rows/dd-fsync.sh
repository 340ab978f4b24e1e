# shellcheck shell=bash disable=SC2034
needs=dd
run() { dd if="$IN/noise" of=f bs=10240 conv=fsync status=noxfer; dd if="$IN/noise" bs=9999 conv=fsync status=noxfer >g; }
title='dd conv=fsync'
large() { dd if="$IN/large" of=a bs=10240 conv=fsync status=none; }
