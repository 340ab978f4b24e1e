# shellcheck shell=bash disable=SC2034
needs='patch diff'
run() {
  cp "$IN/small-text" .
  patch <"$IN/small-text.patch"
  patch -R -b <"$IN/small-text.patch"
  patch --dry-run <"$IN/small-text.patch"
}
