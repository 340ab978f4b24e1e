#!/usr/bin/env bash
# Builds the libFuzzer target of the SeqCache model with clang and lets it run.
#
#   run.sh BUILD_DIR [SECONDS]     10 seconds, with SEQSHIM_LONG 600
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$1 seconds=${2:-${SEQSHIM_LONG:+600}}
command -v clang++ >/dev/null || { echo "there is no clang++ here"; exit 77; }

dir=$build/fuzz
mkdir -p "$dir/corpus"
cd "$root"
clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address -I. -Iinclude \
  tests/fuzz/seqcache_fuzz.cc shim/cache/seqcache.cc shim/cache/heap_clusters.cc -o "$dir/seqcache_fuzz"
"$dir/seqcache_fuzz" -max_total_time="${seconds:-10}" -print_final_stats=1 "$dir/corpus"
