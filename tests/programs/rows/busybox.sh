# shellcheck shell=bash disable=SC2034
needs=busybox
mtimes='x/.*/[ft][0-9]+'
run() {
  busybox cp "$IN/noise" a; busybox dd if="$IN/noise" of=b bs=1000 2>/dev/null; busybox cat "$IN/text" "$IN/noise" >c
  busybox tar cf d.tar -C "$IN" tree; mkdir x; busybox tar xf d.tar -C x; busybox gzip -c "$IN/text" >e.gz
  busybox sort "$IN/text" >f; busybox awk '{print $2 > "g" NR % 3}' "$IN/text"; cp "$IN/text" h; busybox sed -i s/amber/AMBER/ h
  busybox tee i <"$IN/noise" >j; busybox split -b 1000000 "$IN/noise" k.; busybox gunzip -c e.gz >l
  busybox sh -c '{ echo a; seq 5000; busybox cat "$IN/small-text"; echo b; } >m'; busybox install -m 600 a n; busybox mv a o
}
title='busybox tar cf'
large() { busybox tar cf a.tar -C "$IN" large-tree; }
