# shellcheck shell=bash disable=SC2034
# Old files are unlinked, or overwritten in place.
needs=tar
mtimes='x/tree/(deep/)?[ft][0-9]+'
setup() {
  mkdir -p x/tree
  cp "$IN/noise" x/tree/f300007
  cp "$IN/noise" x/tree/f1
}
run() { tar xpf "$IN/tree.tar" -C x; tar xpf "$IN/tree.tar" --overwrite -C x; }
