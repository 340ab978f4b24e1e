#!/usr/bin/env bash
# consume.sh LANGUAGE DIR [CMAKE_OPTION...]: builds and runs what uses the installed core, in DIR.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
language=$1 dir=$2
shift 2
mkdir "$dir"
{ cmake -S "$here/consumer" -B "$dir" -DLANGUAGE="$language" "$@" && cmake --build "$dir"; } >"$dir/log" ||
  { cat "$dir/log"; exit 1; }
"$dir/consumer"
