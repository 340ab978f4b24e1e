#!/usr/bin/env bash
# The same source under other userlands: glibc 2.31, 2.36 and 2.41 (Debian 11, 12 and 13), each in a
# root of its own where everything is built and tested; Debian 12's package of it, in a root where
# nothing else is; and compiled for aarch64, where the unit tests and some programs run by qemu. Needs
# root.
#
#   run.sh BUILD_DIR [11|12|package|13|aarch64 ...]     some, or all; 77: skipped; package comes after 12
#
# SEQSHIM_ROOTS names another place for the roots, that may outlive BUILD_DIR; what they have
# installed is kept there. SEQSHIM_ROOTS_COMMAND is what to run in a root instead of tests/run.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

declare -A suites=([11]=bullseye [12]=bookworm [package]=bookworm [13]=trixie [aarch64]=bookworm)
command=${SEQSHIM_ROOTS_COMMAND:-bash tests/run.sh}

# The first Debian mirror that this machine's own apt uses.
mirror() {
  local files=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
  sed -nE 's|^(URIs:\|deb( \[[^]]*\])?) +([a-z+]+://[^ ]*/debian/?)( .*)?$|\3|p' "${files[@]}" 2>/dev/null |
    head -n 1
}

# apart COMMAND...: in mount and process namespaces of its own. Whatever way it ends, nothing stays
# mounted and nothing runs on.
apart() { unshare --mount --pid --fork --kill-child "$@"; }

# inside ROOT COMMAND: in the root, by a shell.
inside() {
  local root=$1
  # shellcheck disable=SC2016
  apart bash -ec '
    mount --bind "$1" "$1"
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount --rbind /sys "$1/sys"
    # Not chroot alone: whoever enters the mount namespace anew would be out of it.
    cd "$1"
    pivot_root . .
    umount -l .
    exec chroot . /usr/bin/env -i HOME=/root TERM=dumb LC_ALL=C PATH="$PATH" \
      ${http_proxy:+http_proxy="$http_proxy"} ${SEQSHIM_LONG:+SEQSHIM_LONG="$SEQSHIM_LONG"} \
      bash -c "$2"
  ' bash "$root" "$2" </dev/null
}

# make_root ROOT SUITE: unless it is there already.
make_root() {
  local root=$1 suite=$2 from
  [ ! -e "$root.made" ] || return 0
  from=$(mirror)
  [ -n "$from" ] || skip "apt knows no Debian mirror here"
  rm -rf "$root"
  note "making $root of $suite"
  apart debootstrap --variant=minbase "$suite" "$root" "$from" >"$root.log" 2>&1 || {
    tail -n 3 "$root.log" >&2
    rm -rf "$root"
    return 1
  }
  printf 'deb %s %s main\n' "$from" "$suite" >"$root/etc/apt/sources.list"
  touch "$root.made"
}

# lay_tree ROOT: what is committed, and nothing else.
lay_tree() {
  rm -rf "$1/srv/tree"
  git clone --quiet --no-hardlinks "$here/../.." "$1/srv/tree"
}

# figures RELEASE LOG TREE: one line.
figures() {
  local skipped
  skipped=$(cat "$3"/build*/ctest.log 2>/dev/null | grep -c '\*\*\*Skipped' || true)
  printf '%s: %s, of which %d skipped\n' "$1" \
    "$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$2" | tail -n 1)" "$skipped"
}

test_release() { # RELEASE
  local root=$roots/$1 command=$command code=0
  [ "$1" != aarch64 ] || command='bash tests/roots/aarch64.sh build-aarch64'
  need debootstrap unshare git
  make_root "$root" "${suites[$1]}" || fail "no root of ${suites[$1]}"
  lay_tree "$root"
  inside "$root" "cd /srv/tree && $command" >"$roots/$1.tests.log" 2>&1 || code=$?
  grep -E '\*\*\*(Failed|Timeout|Exception)|\(Failed\)|error:|^FAILED|^E: ' "$roots/$1.tests.log" | sort -u | head -n 60 || true
  figures "$1" "$roots/$1.tests.log" "$root/srv/tree"
  return "$code"
}

test_package() {
  local root=$roots/package log=$roots/package.tests.log
  need debootstrap unshare
  [ -e "$roots/12/srv/tree/build/seqshim" ] || fail "nothing is built in the root of Debian 12"
  make_root "$root" "${suites[package]}" || fail "no root of ${suites[package]}"
  inside "$roots/12" 'cd /srv/tree/build && cpack' >"$log" 2>&1 || { cat "$log"; fail "no package"; }
  cp "$roots"/12/srv/tree/build/seqshim_*.deb "$root/srv/seqshim.deb"
  cp "$here/../package/support/new_system.sh" "$root/srv/"
  inside "$root" 'bash /srv/new_system.sh /srv/seqshim.deb' >"$log" 2>&1 || { cat "$log"; fail "package"; }
  echo "package: installed, used and removed"
}

main() {
  local what names code=0
  [ $# -gt 0 ] || fail "usage: run.sh BUILD_DIR [11|12|package|13|aarch64 ...]"
  mkdir -p "$1"
  roots=$(realpath "${SEQSHIM_ROOTS:-$1/roots}")
  shift
  names=("$@")
  [ $# -gt 0 ] || names=(11 12 package 13 aarch64)
  [ "$(id -u)" = 0 ] || skip "only root can make roots"
  mkdir -p "$roots"
  for what in "${names[@]}"; do
    case $what in
      11 | 12 | 13 | aarch64) (test_release "$what") ;;
      package) (test_package) ;;
      *) fail "no such root: $what" ;;
    esac || { [ $? = 77 ] && [ ${#names[@]} -gt 1 ]; } || code=1
  done
  return "$code"
}

main "$@"
