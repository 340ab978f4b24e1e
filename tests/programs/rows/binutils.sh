# shellcheck shell=bash disable=SC2034
# Sections are written out of order, and read again.
needs='as ld ar objcopy'
parts() { local part; for part; do printf '.data\n.globl d%s\nd%s: .incbin "%s"\n' "${part##*.}" "${part##*.}" "$part"; done; }
run() {
  parts "$IN/large-tree/part.aa" >a.s; as -o a.o a.s; as -o main.o "$BESIDE/main.s"
  ld -o program main.o a.o; code ./program; ld -r -o both.o main.o a.o; ar rcsD all.a main.o a.o
  objcopy -O binary program flat; objcopy --only-section=.data a.o data.o; ld -s -shared -o a.so a.o
}
prepare() { printf '.globl _start\n_start: mov $60, %%eax\nmov $7, %%edi\nsyscall\n' >"$BESIDE/main.s"; }
title='as'
large() { parts "$IN"/large-tree/part.a[abcdef] | as -o a.o -; }
