# shellcheck shell=bash disable=SC2034
needs='bsdtar bsdcpio'
mtimes='x/.*/[ft][0-9]+'
# A zip has the times of access, which only the first reading changes.
prepare() { cat "$IN"/src/* "$IN/text" "$IN/small-text" >/dev/null; }
run() {
  (cd "$IN" && bsdtar -cf "$OUT/a.tar" tree && bsdtar -cf - --format=zip src text >"$OUT/b.zip")
  bsdtar -czf c.tgz --options gzip:!timestamp -C "$IN" src text; bsdtar -cf d.7z --format=7zip -C "$IN" small-text
  mkdir x y z; bsdtar -xpf a.tar -C x; bsdtar -xSf "$IN/tree-sparse.tar" -C y; bsdtar -xf b.zip -C z
  (cd "$IN" && find src | bsdcpio -o --format newc 2>/dev/null) >e.cpio
}
title='bsdtar cf'
large() { bsdtar -cf a.tar -C "$IN" large-tree; }
