# For the tests of the seqshim command, end to end: source it with the build directory as $1.
# shellcheck shell=bash disable=SC2034
set -u
build=$(cd "$1" && pwd)
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seqshim=$build/seqshim
# Below the build directory: the page cache is to stand before a disk, as it does nowhere in memory.
work=$(mktemp -d "$build/cli.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset LD_PRELOAD "${!SEQSHIM_@}"
failures=0

fail() {
  echo "FAIL: $1" >&2
  failures=$((failures + 1))
}

# run ARGS...: the command's output in $out, its standard error in $err, its exit code in $code.
run() {
  out=$("$seqshim" "$@" 2>"$work/err")
  code=$?
  err=$(<"$work/err")
}

# check NAME CODE: the last run's exit code.
check() { [ "$code" = "$2" ] || fail "$1: exit code $code, not $2 (stderr: $err)"; }

# shows NAME WORDS: the last run's output has them.
shows() { [[ $out == *"$2"* ]] || fail "$1: '$out' lacks '$2' (stderr: $err)"; }

# refused NAME CODE WORDS: exit code, nothing on stdout, one line on stderr that has WORDS in it.
refused() {
  check "$1" "$2"
  [ -z "$out" ] || fail "$1: output '$out'"
  [ "$(wc -l <"$work/err")" = 1 ] || fail "$1: not one line: '$err'"
  [[ $err == "seqshim: "*"$3"* ]] || fail "$1: '$err' lacks '$3'"
}
