# shellcheck shell=bash disable=SC2034
# The shell opens, tar inherits.
needs=tar
run() {
  tar cf - -C "$IN" tree >a.tar
  tar c -C "$IN" tree | cat >b.tar
  { tar cf - -C "$IN" tree; tar cf - -C "$IN" src; } >two.tar
}
title='tar cf - > file'
large() { tar cf - -C "$IN" large-tree >a.tar; }
