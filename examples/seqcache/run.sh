#!/usr/bin/env bash
# Uses the cache alone, as a library, in a C program that writes its files past the page cache itself.
#
# For whoever writes a program anew, and wants no preloading but what is behind it: small records in,
# large aligned pieces out. gather.c is the whole of it, in a hundred lines; compiled with
#
#     cc gather.c $(pkg-config --cflags --libs seqcache)
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with that much to write; 128M if not said
#
# Needs a C compiler; strace, if there is one, shows the writes.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 128M "$@"
need cc gcc

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
library=$(dirname "$SEQSHIM")/libseqcache.a
if [ -e "$library" ]; then
  flags=(-I"$here/../../include" "$library" -lstdc++)
else
  need pkg-config pkg-config
  read -r -a flags < <(pkg-config --cflags --libs seqcache) || fail "pkg-config doesn't know seqcache"
fi
cc -std=c99 -O2 -Wall -Wextra -o "$DIR/gather" "$here/gather.c" "${flags[@]}"

make_text "$BYTES" >"$DIR/lines"
"$DIR/gather" "$DIR/log" <"$DIR/lines"
left=$(left_cached "$DIR/log")

cmp "$DIR/lines" "$DIR/log" || fail "the log isn't what went in"
say "seqcache: $(mib "$DIR/log") MiB of short lines gathered, and nothing else. Of the log, $left."
