# shellcheck shell=bash disable=SC2034
# Reads to the end marker, seeks back over it.
needs=tar
setup() { cp "$IN/tree.tar" a.tar; }
run() {
  tar rf a.tar -C "$IN" src
  tar rf a.tar -C "$IN" text small-text
}
title='tar rf'
residue='tar reads the archive first'
large() { cp --sparse=never "$IN/large.tar" a.tar; tar rf a.tar -C "$IN" text; }
