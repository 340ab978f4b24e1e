#!/usr/bin/env bash
# inputs.sh DIR: makes the input files of the program tests in DIR/input, the same bytes every time;
# once for each version of this script. Safe to run from several tests at once.
set -euo pipefail

text() { # LINES
  perl -e 'my @w = qw(amber basalt cedar delta ember fjord garnet harbor iris juniper);
    my $s = 7;
    for my $i (1 .. $ARGV[0]) {
      $s = ($s * 1103515245 + 12345) & 0x7fffffff;
      print "$i ", join(" ", map { $w[($s >> $_) % 10] } 3, 5, 8, 13), " $s\n";
    }' "$1"
}

noise() { # BYTES SEED: doesn't compress
  perl -e 'my ($n, $s) = @ARGV;
    while ($n > 0) {
      my $b = "";
      for (1 .. 1024) {
        $s ^= ($s << 13) & 0xffffffff; $s ^= $s >> 17; $s ^= ($s << 5) & 0xffffffff;
        $b .= pack "V", $s;
      }
      print substr($b, 0, $n);
      $n -= 4096;
    }' "$1" "$2"
}

island() { # FILE OFFSET BYTES SEED
  noise "$3" "$4" | dd of="$1" bs=64K iflag=fullblock oflag=seek_bytes seek="$2" conv=notrunc status=none
}

sparse() { # FILE: 8 MiB and a bit, mostly holes; the last byte is in one
  island "$1" 0 5000 11
  island "$1" 1048576 70000 12
  island "$1" 3000001 200 13
  island "$1" 6291456 131072 14
  truncate -s 8400001 "$1"
}

tree() { # DIR
  local size
  mkdir -p "$1/deep/er/est" "$1/empty" "$1/a directory with spaces in its name"
  for size in 0 1 511 512 513 4095 4096 4097 10239 10240 10241 65536 300007; do
    noise "$size" $((size + 1)) >"$1/f$size"
    text $((size / 300)) >"$1/deep/t$size"
  done
  noise 1200003 99 >"$1/deep/er/big"
  sparse "$1/deep/er/est/sparse"
  text 50 >"$1/a directory with spaces in its name/$(printf 'n%.0s' {1..120})"
  ln -s ../f512 "$1/deep/link"
  ln "$1/f4097" "$1/deep/hard"
  chmod 0600 "$1/f1"
  chmod 4755 "$1/f511"
  chmod 0444 "$1/f513"
  chmod 0750 "$1/empty"
  if [ "$(id -u)" = 0 ]; then
    chown 1234:4321 "$1/f512" "$1/deep/er"
  fi
  find "$1" -exec touch -h -d '2020-02-02 02:02:02.123456789' {} +
  touch -d '1999-12-31 23:59:59' "$1/f4096" "$1/empty"
}

sources() { # DIR: a small C program of two units
  mkdir -p "$1"
  cat >"$1/main.c" <<'C'
#include <stdio.h>
int sum(const int *values, int count);
int main(void) {
  int values[100];
  for (int i = 0; i < 100; ++i) values[i] = i * i;
  printf("%d\n", sum(values, 100));
  return 0;
}
C
  { printf 'int sum(const int *values, int count) {\n  int total = 0;\n'
    printf '  for (int i = 0; i < count; ++i) total += values[i];\n  return total;\n}\n'
    seq 2000 | sed 's/.*/int unused&(void) { return &; }/'
    printf 'const unsigned char table[200001] = {1, 2, 3};\n'
  } >"$1/sum.c"
}

# What the large forms of the program tests read: 24 MiB of noise, of text, of files.
large_inputs() { # DIR
  local i
  noise $((24 << 20)) 3 >"$1/large"
  for i in {10..24}; do sed "s/^/$i/" "$1/text"; done >"$1/large-text"
  mkdir "$1/large-tree"
  split -n 8 "$1/large" "$1/large-tree/part."
  tar -C "$1" -cf "$1/large.tar" --mtime=@1600000000 large-tree
}

make_inputs() { # DIR
  tree "$1/tree"
  text 40000 >"$1/text"
  text 3000 >"$1/small-text"
  noise 3500003 1 >"$1/noise"
  noise 5300000 2 >"$1/noise-5M"
  sparse "$1/sparse"
  sources "$1/src"
  sed -e '5,9d' -e '1000s/$/ changed/' -e '2500i new line' "$1/small-text" >"$1/small-text.new"
  diff -u --label old --label new "$1/small-text" "$1/small-text.new" >"$1/small-text.patch" || true
  gzip -nk "$1/text"
  xz -k -T1 "$1/text"
  bzip2 -k "$1/text" || rm -f "$1/text.bz2"
  tar -C "$1" -cf "$1/tree.tar" tree
  tar -C "$1" -Scf "$1/tree-sparse.tar" tree
  large_inputs "$1"
  find "$1" -maxdepth 1 -type f -exec touch -d '2021-03-04 05:06:07.891011121' {} +
}

main() {
  local dir=$1 version
  version=$(cksum <"$0")
  mkdir -p "$dir"
  exec 9>"$dir/input.lock"
  flock 9
  [ "$(cat "$dir/input/.version" 2>/dev/null)" != "$version" ] || return 0
  rm -rf "$dir/input"
  mkdir "$dir/input"
  make_inputs "$dir/input"
  echo "$version" >"$dir/input/.version"
}

umask 022
export LC_ALL=C TZ=UTC
main "$@"
