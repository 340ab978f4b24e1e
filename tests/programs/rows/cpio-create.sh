# shellcheck shell=bash disable=SC2034
needs=cpio
run() {
  cd "$IN"
  find tree -depth | sort | cpio -o -H newc >"$OUT/a.cpio"
  find tree src | sort | cpio -o -O "$OUT/b.cpio"
  find src | sort | cpio -oA -O "$OUT/b.cpio"
}
title='cpio -o > file'
large() { cd "$IN" && find large-tree | sort | cpio -o --quiet >"$OUT/a.cpio"; }
