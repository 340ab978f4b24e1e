# shellcheck shell=bash disable=SC2034
needs='genisoimage perl'
run() { genisoimage -quiet -R -J -V label -o a.iso "$IN/tree" 2>/dev/null; genisoimage -quiet -R "$IN/src" 2>/dev/null >b.iso; }
# The volume descriptors have the time, at 813 and on.
normalise() {
  for image in *.iso; do perl -e 'open F, "+<", $ARGV[0]; for (16 .. 18) {seek F, $_ * 2048 + 813, 0; print F "0" x 68}' "$image"; done
}
title='genisoimage -o'
large() { genisoimage -quiet -R -o a.iso "$IN/large-tree" 2>/dev/null; }
