# shellcheck shell=bash disable=SC2034
# Holes by lseek.
needs=xz
mtimes='(sparse|text)'
setup() { cp -p "$IN/sparse" sparse; cp -p "$IN/text.xz" .; xz -0 sparse; }
run() { unxz sparse.xz; xz -d text.xz; xz -dc "$IN/text.xz" >other; }
title='xz -dc > file'
large() { xz -dc "$BESIDE/yes.xz" >yes; }
prepare() { yes | head -c 20M | xz -0 >"$BESIDE/yes.xz"; }
