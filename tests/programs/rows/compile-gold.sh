# shellcheck shell=bash disable=SC2034
# Writes its output by mmap.
managed=no
needs='gcc ld.gold'
run() { gcc -fuse-ld=gold -o program "$IN"/src/*.c; ./program; }
