# shellcheck shell=bash disable=SC2034
# Locks what it opens; random rewrites of its tables.
needs='qemu-img'
managed=no
run() {
  qemu-img convert -f raw -O qcow2 "$IN/sparse" a.qcow2; qemu-img convert -f qcow2 -O raw a.qcow2 b.raw
  qemu-img create -q -f qcow2 c.qcow2 64M; qemu-img resize -q c.qcow2 96M; qemu-img check -q a.qcow2
  qemu-img convert -f raw -O vmdk -o subformat=streamOptimized "$IN/noise" d.vmdk 2>/dev/null || true
  qemu-img convert -c -f raw -O qcow2 "$IN/sparse" e.qcow2; qemu-img dd -f raw -O raw bs=64k if="$IN/noise" of=f.raw
}
normalise() { rm -f d.vmdk; }
title='qemu-img convert'
residue='locks its image: handed back'
large() { qemu-img convert -f raw -O qcow2 "$IN/large" a.qcow2; }
