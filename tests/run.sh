#!/usr/bin/env bash
# Installs what the tests need, builds, and tests.
#
#   run.sh                 Release build and all tests, sanitizers, format and lint
#   run.sh --build-only    stops after the Release build in build/
#   run.sh --long          the same tests with more of everything (SEQSHIM_LONG=1)
#   run.sh --roots         the same in roots of Debian 11, 12 and 13, and compiled for aarch64
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

jobs=$(nproc)
build_only=no roots=no
passed=0 failed=0

read_options() {
  local option
  for option; do
    case $option in
      --build-only) build_only=yes ;;
      --long) export SEQSHIM_LONG=1 ;;
      --roots) roots=yes ;;
      *) fail "usage: run.sh [--build-only] [--long] [--roots]" ;;
    esac
  done
}

# build DIR CMAKE_OPTION...
build() {
  local dir=$root/$1
  shift
  cmake -S "$root" -B "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log"; return 1; }
  cmake --build "$dir" -j "$jobs"
}

# check NAME COMMAND...: counts as one test.
check() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: '
  fi
  printf '%s, %d s\n' "$name" $((SECONDS - start))
}

# run_ctest DIR OPTION...: counts each of its tests.
run_ctest() {
  local dir=$1 log=$root/$1/ctest.log bad all
  shift
  # One more than there are processors: many of the tests wait for a disk, or for time to pass.
  (cd "$root/$dir" && ctest --output-on-failure -j $((jobs + 1)) "$@" 2>&1) | tee "$log" || true
  read -r bad all < <(sed -n 's/.*tests passed, \([0-9]*\) tests failed out of \([0-9]*\).*/\1 \2/p' "$log") ||
    { failed=$((failed + 1)); return; }
  failed=$((failed + bad))
  passed=$((passed + all - bad))
}

sources() { git -C "$root" ls-files -- '*.c' '*.cc' '*.h'; }

# The release whose formatting and checks the project keeps to; others think otherwise.
clang_release=14
is_release() { # TOOL
  "$1" --version 2>/dev/null | grep -q "version $clang_release\." ||
    { note "there is no $1 $clang_release here"; return 1; }
}

check_format() {
  is_release clang-format || return 0
  (cd "$root" && sources | xargs clang-format --dry-run -Werror)
}

check_lint() {
  is_release clang-tidy || return 0
  [ -e "$root/.clang-tidy" ] || { note "there is no .clang-tidy"; return 0; }
  (cd "$root" && git ls-files -- 'shim/*.cc' | grep -v '_test\.cc$' |
    xargs -P "$jobs" -n 4 clang-tidy -p build --quiet --warnings-as-errors='*' 2>/dev/null)
}

# The rows of programs are read by tests/programs/run.sh, which has its own way with their variables.
check_scripts() {
  have shellcheck || { note "there is no shellcheck here"; return 0; }
  (cd "$root" && git ls-files -- '*.sh' '*.bash' .ci/run | grep -v '^tests/programs/rows/' |
    xargs -P "$jobs" -n 16 shellcheck -x) || return
  (cd "$root" && git ls-files -- 'tests/programs/rows/*.sh' | xargs shellcheck -S error)
}

# The unit tests under SANITIZERS, built in DIR.
sanitized() { # DIR SANITIZERS
  printf '\n== unit tests with %s\n' "$2"
  if build "$1" -DSEQSHIM_TESTS=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_CXX_FLAGS_RELWITHDEBINFO='-O1 -g1' -DSEQSHIM_SANITIZE="$2"; then
    run_ctest "$1" -L unit
  else
    failed=$((failed + 1))
  fi
}

main() {
  read_options "$@"
  if [ "$roots" = yes ]; then
    install_packages debootstrap git util-linux
    exec bash "$root/tests/roots/run.sh" "$root/build"
  fi
  install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" "${BENCH_PACKAGES[@]}"
  # shellcheck disable=SC2046
  install_packages $(clang_runtime)
  build build -DCMAKE_BUILD_TYPE=Release -DSEQSHIM_TESTS=ON -DSEQSHIM_BENCH=ON
  [ "$build_only" = no ] || return 0
  install_packages "${PROGRAM_PACKAGES[@]}"
  check format check_format
  check lint check_lint
  check scripts check_scripts
  sanitized build-asan address,undefined
  sanitized build-tsan thread
  printf '\n== all tests\n'
  run_ctest build
  printf '\n%d s\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
  [ "$failed" = 0 ]
}

main "$@"
