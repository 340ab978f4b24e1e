# shellcheck shell=bash disable=SC2034
needs=cpio
mtimes='.*/.*[0-9]'
setup() { (cd "$IN" && find tree | sort | cpio --quiet -o -H newc) >a.cpio; }
run() { cpio -idm <a.cpio; mkdir pass; cd "$IN"; find tree -type f | sort | cpio -pdm "$OUT/pass"; }
title='cpio -i'
large() { cpio -idm --quiet <"$BESIDE/large.cpio"; }
prepare() { cd "$IN" && find large-tree | sort | cpio -o --quiet >"$BESIDE/large.cpio"; }
