# shellcheck shell=bash disable=SC2034
needs=dd
run() { dd if="$IN/noise-5M" of=f bs=10240 status=noxfer; }
title='dd bs=10k'
large() { dd if="$IN/large" of=a bs=10240 status=none; }
