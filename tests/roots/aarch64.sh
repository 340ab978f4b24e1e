#!/usr/bin/env bash
# Run in a root of Debian 12: compiles everything for aarch64; by qemu, runs the unit tests, and
# aarch64's own dd, tar and bzip2 with the library preloaded.
#
#   aarch64.sh BUILD_DIR
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

build=$1
libraries=usr/lib/aarch64-linux-gnu
passed=0 failed=0
# What the emulator lacks: memory limits, memory that a child doesn't inherit, direct I/O's alignment
# and what is in the page cache; and the root's programs are for the machine, not for aarch64.
beyond_qemu='*.WithoutMemory*:*.*ForkedChild*:DeviceTest.*:DeviceInMemory.WhatCannotBeDropped*:ResidencyTest.*:TargetTest.*'

# check NAME COMMAND...
check() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    note "FAILED: $name"
  fi
}

install() {
  dpkg --add-architecture arm64
  install_packages cmake make g++ g++-aarch64-linux-gnu qemu-user-static libcli11-dev libc6-dev:arm64 \
    libfmt-dev:arm64 libgtest-dev:arm64
}

# Programs of the other architecture, beside the root's own.
unpack_programs() {
  local package
  [ ! -e "$programs/bin/dd" ] || return 0
  mkdir -p "$programs"
  (cd "$programs" && apt-get download -qq {coreutils,tar,bzip2,libselinux1,libacl1,libattr1,libbz2-1.0,libgmp10,libpcre2-8-0}:arm64 >/dev/null)
  for package in "$programs"/*.deb; do dpkg -x "$package" "$programs"; done
}

compile() {
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DSEQSHIM_TESTS=ON \
    -DCMAKE_TOOLCHAIN_FILE="$root/tests/roots/aarch64.cmake"
  cmake --build "$build" -j "$(nproc)"
}

emulated() {
  qemu-aarch64-static -E "LD_LIBRARY_PATH=$programs/$libraries:$programs/lib/aarch64-linux-gnu" "$@"
}

# preloaded COMMAND...: and it caches what it writes, and hands nothing back to the kernel.
preloaded() {
  rm -f report.json
  emulated -E LD_PRELOAD="$build/libseqshim.so" -E SEQSHIM_MATCH="$PWD/*.shim" -E SEQSHIM_CLUSTER=64K \
    -E SEQSHIM_DIRECT_MIN=0 -E SEQSHIM_REPORT="$PWD/report.json" "$@" &&
    grep -q '"bytes_written": *[1-9]' report.json && grep -q '"hand_backs": *{}' report.json
}

copies() { # BLOCK_SIZE DD_OPTION...
  local size=$1
  shift
  emulated "$programs/bin/dd" if=noise of=dd.plain bs="$size" "$@" status=none &&
    preloaded "$programs/bin/dd" if=noise of=dd.shim bs="$size" "$@" status=none &&
    cmp dd.plain dd.shim
}

archives() {
  emulated "$programs/bin/tar" cf tar.plain -C "$root" shim tests &&
    preloaded "$programs/bin/tar" cf tar.shim -C "$root" shim tests && cmp tar.plain tar.shim
}

# By libc's streams: its table has to be known on this architecture too.
compresses() {
  emulated "$programs/bin/bzip2" -c noise >bz2.plain &&
    preloaded "$programs/bin/bzip2" -c noise >bz2.shim && cmp bz2.plain bz2.shim
}

main() {
  install
  mkdir -p "$build"
  build=$(realpath "$build")
  programs=$build/programs
  check compile compile
  check unit-tests qemu-aarch64-static "$build/tests/unit_tests" --gtest_brief=1 --gtest_filter="-$beyond_qemu"
  unpack_programs
  mkdir -p "$build/files"
  cd "$build/files"
  head -c 5000003 /dev/urandom >noise
  check dd copies 10007
  check dd-large copies 1M
  check dd-small copies 64 count=9999
  check dd-over copies 999 seek=3 conv=notrunc,fsync
  check tar archives
  check bzip2 compresses
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}

main
