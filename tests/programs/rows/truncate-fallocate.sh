# shellcheck shell=bash disable=SC2034
needs='truncate fallocate'
run() {
  truncate -s 100001 a; cp "$IN/noise" b; truncate -s -1000 b; truncate -s %4096 b; cat "$IN/text" >>b
  { dd if="$IN/noise" bs=1000 count=500 status=none; truncate -s 300000 e; dd if="$IN/noise" bs=999 count=500 status=none; } >e
  fallocate -l 300000 c; fallocate -o 100000 -l 50000 -p b; { cat "$IN/text"; fallocate -l 3000000 d; } >d
}
