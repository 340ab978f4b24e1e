# shellcheck shell=bash disable=SC2034
needs=xorriso
make_image() { xorriso -as mkisofs -quiet -R -J -V label --modification-date=2022010100000000 "$@"; }
export SOURCE_DATE_EPOCH=1600000000
run() { make_image -o a.iso "$IN/tree"; make_image "$IN/src" >b.iso; xorriso -osirrox on -indev a.iso -extract /f65536 c 2>/dev/null; }
title='xorriso -as mkisofs'
large() { make_image -o a.iso "$IN/large-tree"; }
