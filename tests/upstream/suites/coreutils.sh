# GNU coreutils' own tests, of programs built from Debian's source; a unit is a test's file.
# shellcheck shell=bash

# Every test of these directories: what they test writes files, and nearly all of them write with
# the programs under test.
COREUTILS_DIRECTORIES=(cp dd du install ln misc mv rm split tail-2 touch)
# Of other things, or slow.
COREUTILS_LEFT_OUT='misc/(date|factor|chcon|chroot|groups|id|nice|nproc|pathchk|runcon|selinux)'
COREUTILS_LEFT_OUT+='|misc/(sleep|stty|timeout|tty)'
# Of those that ask for root, what needs no file system of its own. They run where we are root.
COREUTILS_ROOT_TESTS=(
  tests/chown/basic.sh tests/cp/preserve-gid.sh tests/cp/special-bits.sh
  tests/dd/skip-seek-past-dev.sh tests/install/install-C-root.sh
  tests/misc/truncate-owned-by-other.sh tests/mv/hardlink-case.sh tests/tail-2/append-only.sh
  tests/touch/now-owned-by-other.sh
)

prepare_coreutils() {
  fetch_source coreutils
  build_source coreutils
  [ "$(id -u)" != 0 ] || chown -R nobody: "$CACHE/coreutils"
}

units_coreutils() {
  local dir all
  mapfile -t all < <(make_variable all_tests)
  for dir in "${COREUTILS_DIRECTORIES[@]}"; do
    printf '%s\n' "${all[@]}" | grep "^tests/$dir/" | grep -vE "$COREUTILS_LEFT_OUT"
  done
  [ "$(id -u)" != 0 ] || printf '%s\n' "${COREUTILS_ROOT_TESTS[@]}"
}

# The words of a list in the tests' makefile.
make_variable() {
  sed -n "/^$1 *=/,/^\$/p" "$CACHE/coreutils/tests/local.mk" | grep -o 'tests/[^[:space:]]*'
}

units_of_coreutils() { printf '%s\n' "$@"; }

is_root_test() {
  local name
  for name in "${COREUTILS_ROOT_TESTS[@]}"; do [ "$name" != "$1" ] || return 0; done
  return 1
}

run_coreutils() {
  local out=$1 unit ours=() roots=()
  shift
  for unit; do
    if is_root_test "$unit"; then roots+=("$unit"); else ours+=("$unit"); fi
  done
  if [ "$(id -u)" = 0 ]; then
    coreutils_check "$out" setpriv --reuid=nobody --regid=nogroup --clear-groups -- "${ours[@]}"
    coreutils_check "$out" -- "${roots[@]}"
    chown -R nobody: "$CACHE/coreutils"
  else
    coreutils_check "$out" -- "${ours[@]}"
  fi
}

# coreutils_check OUT [COMMAND...] -- TEST...
coreutils_check() {
  local out=$1 as=() unit result dir=$CACHE/coreutils
  shift
  while [ "$1" != -- ]; do as+=("$1"); shift; done
  shift
  [ $# -gt 0 ] || return 0
  mkdir -p "$out/tmp"
  chmod 1777 "$out/tmp"
  for unit; do rm -f "$dir/${unit%.*}".{log,trs}; done
  (cd "$dir" && PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=$out/tmp TMPDIR=$out/tmp \
    "${as[@]}" "${PRELOAD[@]}" make -k -j "$JOBS" check-TESTS TESTS="$*" SUBDIRS=.) \
    </dev/null >>"$out/log" 2>&1 || true
  for unit; do
    mkdir -p "$out/${unit%/*}"
    cp "$dir/${unit%.*}.log" "$out/${unit%/*}/" 2>/dev/null || true
    result=$(sed -n 's/^:test-result: //p' "$dir/${unit%.*}.trs" 2>/dev/null || true)
    case $result in
      PASS | XFAIL) result=pass ;;
      SKIP) result=skip ;;
      *) result=fail ;;
    esac
    printf '%s\t%s\n' "$unit" "$result" >>"$out/results"
  done
}

exceptions_coreutils() { :; }
