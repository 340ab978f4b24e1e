# shellcheck shell=bash disable=SC2034
needs='tar xz'
run() { XZ_OPT=-0 tar -cJf a.txz -C "$IN" tree; }
