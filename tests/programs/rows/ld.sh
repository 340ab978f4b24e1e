# shellcheck shell=bash disable=SC2034
# Sections first, headers last: the file begins with a hole.
needs='as ld'
prepare() {
  local part
  for part in a b c d e f; do printf '.data\n.globl d%s\nd%s: .incbin "%s"\n' $part $part "$IN/large-tree/part.a$part"; done |
    as -o "$BESIDE/large.o" -
  printf '.globl _start\n_start: mov $60, %%eax\nmov $7, %%edi\nsyscall\n.bss\n.space 100000\n' | as -g -o "$BESIDE/main.o" -
}
run() {
  ld -o a "$BESIDE/main.o"; code ./a; ld -r -o b.o "$BESIDE/main.o"; ld -shared --build-id=none -o c.so "$BESIDE/main.o"
  ld -Map=d.map --oformat binary -o d "$BESIDE/main.o"
}
title='ld -r'
large() { ld -r -o b.o "$BESIDE/large.o"; }
