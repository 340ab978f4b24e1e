# shellcheck shell=bash disable=SC2034
# as and ld seek back and read what they wrote; ar, strip and objcopy rewrite.
needs='gcc ld ar strip objcopy make'
run() {
  cp "$IN"/src/*.c .
  gcc -g -O1 -c main.c sum.c
  ar rcsD libsum.a sum.o
  gcc -o program main.o -L. -lsum
  ./program
  gcc -g -save-temps=obj -o direct main.c sum.c
  objcopy --only-keep-debug program program.debug
  strip -o stripped program
  ./stripped
  gcc -shared -fPIC -o libsum.so sum.c
  ar rD libsum.a main.o; ar tv libsum.a
}
