# shellcheck shell=bash disable=SC2034
# The program's own O_DIRECT, which it turns off for the last partial block.
needs=dd
run() { dd if="$IN/noise-5M" of=f bs=64K oflag=direct status=noxfer; }
