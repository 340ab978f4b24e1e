#!/usr/bin/env bash
# Builds a libFuzzer target with clang and lets it run.
#
#   run.sh BUILD_DIR [TARGET [SECONDS]]     10 seconds, with SEQSHIM_LONG 600
#
# seqcache: the cache against its model; config: the environment's parser; recovery: what the guard
# does with a segment of any contents.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(realpath "$1") target=${2:-seqcache} seconds=${3:-${SEQSHIM_LONG:+600}}
command -v clang++ >/dev/null || { echo "there is no clang++ here"; exit 77; }

cd "$root"
options=()
case $target in
  seqcache) sources=(shim/cache/seqcache.cc shim/cache/heap_clusters.cc shim/cache/streaming_copy.cc) ;;
  config)
    sources=(shim/config/pattern.cc shim/config/size.cc shim/config/text.cc)
    options=(-dict=tests/fuzz/config.dict -max_len=16384)
    ;;
  recovery) sources=(shim/guard/recovery.cc shim/device/transfer.cc shim/device/pace.cc) ;;
  *) echo "there is no target $target" >&2; exit 2 ;;
esac

dir=$build/fuzz
mkdir -p "$dir/$target"
clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I. -Iinclude \
  "tests/fuzz/${target}_fuzz.cc" "${sources[@]}" -o "$dir/${target}_fuzz"
"$dir/${target}_fuzz" "${options[@]}" -timeout=10 -max_total_time="${seconds:-10}" \
  -artifact_prefix="$dir/$target-" -print_final_stats=1 "$dir/$target"
