# shellcheck shell=bash disable=SC2034
# Several threads; the superblock is written last.
needs='mksquashfs unsquashfs'
mtimes='x/tree/.*[0-9]'
squash() { mksquashfs "$@" -quiet -no-progress -noappend -reproducible -mkfs-time 1600000000 -processors 2; }
run() { squash "$IN/tree" a.squashfs; squash "$IN/src" "$IN/text" b.squashfs -b 4096 -all-time 1600000000; unsquashfs -q -n -d x/tree a.squashfs; }
title='mksquashfs, stored'
large() { squash "$IN/large-tree" a.squashfs -noI -noD -noF -noX; }
