# shellcheck shell=bash disable=SC2034
needs='patch diff'
run() {
  export TMPDIR=$OUT
  cp "$IN/small-text" .
  patch small-text <"$IN/small-text.patch"
  patch -N -b small-text <"$IN/small-text.patch" || echo "exit code $?"
  patch -R -b small-text <"$IN/small-text.patch"; cmp small-text "$IN/small-text"
  patch --dry-run small-text <"$IN/small-text.patch"; patch -o new small-text <"$IN/small-text.patch"
}
