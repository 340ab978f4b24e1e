#!/usr/bin/env bash
# Makes a compressed archive with a pipeline, and shows how far it is.
#
# For whoever would put pv into the pipeline. seqshim runs a shell, and with it all that the shell
# starts; of their files only those that match are managed:
#
#     seqshim run --progress -m '*.tar.zst' -- sh -c 'tar cf - /home | zstd >/backup/home.tar.zst'
#
# --progress draws a line on standard error as long as that is a terminal. zstd writes by stdio, which
# is no obstacle, and into a file that the shell has opened, which is none either.
#
#     run.sh [DIRECTORY]    works in a new or empty directory, which is kept; else in a temporary one
#     SIZE=1G run.sh        with that much to archive; 256M if not said
#
# Needs zstd.
set -euo pipefail
# shellcheck source=examples/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
begin 256M "$@"
need zstd zstd

make_tree "$DIR/home"
progress=()
if [[ $(seqshim run --help) = *--progress* ]]; then progress=(--progress); fi

# shellcheck disable=SC2016 # $0 is for the shell that seqshim starts
seqshim run "${progress[@]}" -m '*.tar.zst' -- \
  sh -c 'tar cf - -C "$0" home | zstd -q >"$0/home.tar.zst"' "$DIR"
left=$(left_cached "$DIR/home.tar.zst")

zstd -q -d -c "$DIR/home.tar.zst" | tar df - -C "$DIR" || fail "the archive differs from what is archived"
say "tar-zstd: $(mib "$DIR/home") MiB became an archive of $(mib "$DIR/home.tar.zst") MiB, which tar has compared."
say "Of the archive, $left."
