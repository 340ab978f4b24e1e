#!/usr/bin/env bash
# The traps that other preload shims fell into (one case each, named after its trap): the same
# program plain and with the shim must print the same and leave the same files.
#
#   run.sh --list                  names the traps
#   run.sh BUILD_DIR [TRAP...]     runs them, or all; 77: skipped
#
# A trap is cases/NAME.c, compiled with what its comment "flags:" says and run without arguments in
# an empty directory, of which every file is managed; or cases/NAME.sh, sourced, which may set
#   managed    no: the shim isn't expected to cache a byte of it (also by a comment in NAME.c)
#   before, after   libraries to preload besides, in plain runs too
#   setup()    once, not preloaded: compiles what it needs into $WORK
#   run()      calls `preloaded COMMAND...`, again and again if need be
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"
# shellcheck source=tests/support/side_by_side.sh
. "$here/../support/side_by_side.sh"

list_traps() {
  local file
  for file in "$here"/cases/*; do
    file=${file##*/}
    printf '%s\n' "${file%.*}"
  done | sort -u
}

# comment KEY FILE: what a line "/* KEY: ... */" says.
comment() { sed -n "s|^/\* $1: \(.*\) \*/\$|\1|p" "$2"; }

# preloaded COMMAND...: under the library of this run, if any. $before and $after are paths.
preloaded() {
  env LD_PRELOAD="${before:+$before:}$lib${after:+:$after}" "${settings[@]}" \
    timeout -k 5 "${limit:-60}" "$@"
}

# load_case: the case's own functions and settings, or what a lone C program has.
load_case() {
  managed=yes before='' after=''
  setup() { :; }
  run() { preloaded "$WORK/program"; }
  if [ -e "$here/cases/$trap.c" ]; then
    local flags
    read -ra flags < <(comment flags "$here/cases/$trap.c"; echo)
    compile "$WORK/program" "$here/cases/$trap.c" "${flags[@]}"
    managed=$(comment managed "$here/cases/$trap.c")
    managed=${managed:-yes}
  fi
  if [ -e "$here/cases/$trap.sh" ]; then
    # shellcheck disable=SC1090
    . "$here/cases/$trap.sh"
  fi
}

do_work() {
  local lib=''
  [ "$1" = none ] || lib=$LIB
  run
}

was_managed() {
  [ "$managed" = no ] || grep -q '"accepted": *[1-9]\|"bytes_written": *[1-9]' "$WORK/$1.json" ||
    { note "not a byte went through the cache, so nothing was tested"; return 1; }
}

run_trap() {
  need "${CC:-cc}"
  load_case
  setup
  side_by_side 0 '4K 1M' preloaded
}

main() {
  local traps code=0
  if [ "${1:-}" = --list ]; then list_traps; return; fi
  [ $# -gt 0 ] || fail "usage: run.sh --list | run.sh BUILD_DIR [TRAP...]"
  use_build "$1"
  shift
  if [ $# -gt 0 ]; then traps=("$@"); else mapfile -t traps < <(list_traps); fi
  ulimit -c 0
  for trap in "${traps[@]}"; do
    set +e
    (set -e; fresh_dir "traps/$trap"; run_trap; rm -rf "$WORK")
    case $? in
      0) note "ok: $trap" ;;
      77) if [ ${#traps[@]} -gt 1 ]; then note "skipped: $trap"; else code=77; fi ;;
      *) note "FAILED: $trap"; code=1 ;;
    esac
    set -e
  done
  return "$code"
}

main "$@"
