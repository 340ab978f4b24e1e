#!/usr/bin/env bash
# What is installed and packaged: the .deb that cpack makes, in a root of its own; and what `cmake --install`
# puts below another prefix.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all; 77: skipped
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=$(cd "$here/../.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

# package DIR: makes the .deb of what is built; its path is in DEB.
package() {
  need cpack dpkg-deb dpkg-shlibdeps file
  [ -e "$BUILD/seqshim" ] || skip "the command isn't built"
  # Said to be by Ninja, what is built is taken as it is, without asking make whether it's up to date.
  cpack --config "$BUILD/CPackConfig.cmake" -D CPACK_CMAKE_GENERATOR=Ninja -B "$1" >"$1.log" 2>&1 ||
    { cat "$1.log"; fail "cpack"; }
  DEB=$(echo "$1"/*.deb)
}

# The release whose checks the project keeps to; others think otherwise.
lintian_release=2.116

check_package() { # DEB
  if ! have lintian || ! lintian --version | grep -q "v$lintian_release\."; then
    note "there is no lintian $lintian_release here"
    return 77
  fi
  # Fortified or not: where nothing is left to be checked at run time, it can't tell. Short strings that
  # the compiler has put into instructions end, for it, in the next instruction's first byte: "defaulH".
  lintian --allow-root --display-info --pedantic --fail-on error,warning,info,pedantic \
    --suppress-tags hardening-no-fortify-functions,spelling-error-in-binary "$1"
}

test_lintian() {
  umask 077
  package "$WORK/deb"
  check_package "$DEB"
}

# Made again, elsewhere and later: the same package.
test_reproducible() {
  package "$WORK/first"
  local first=$DEB
  sleep 1.1
  export TZ=Asia/Tokyo
  package "$WORK/the second"
  cmp "$first" "$DEB" || { diff <(dpkg-deb -c "$first") <(dpkg-deb -c "$DEB"); fail "they differ"; }
  dpkg-deb -x "$DEB" "$WORK/contents"
  ! grep -rlF "$sources" "$WORK/contents" || fail "the place where it was built is in there"
}

test_changelog() {
  local version
  version=$(sed -n 's/^project(seqshim VERSION \([^ )]*\).*/\1/p' "$sources/CMakeLists.txt")
  head -n 1 "$sources/shim/packaging/debian/changelog" | grep -qF "($version)" ||
    fail "the changelog's newest entry isn't of $version"
}

test_installed() {
  need unshare pkg-config cmake
  unshare --mount --pid --fork true 2>/dev/null || skip "there is no root of its own to be had"
  package "$WORK/deb"
  mkdir "$WORK/use"
  cp "$DEB" "$WORK/use/"
  bash "$here/support/clean_root.sh" "$WORK/use" \
    bash "$here/support/installed.sh" "$WORK/use/$(basename "$DEB")" "$WORK/use" "$sources"
  # The system's own notes of what is and was installed.
  ! grep -vE '^\./(var/(lib/dpkg|log|cache)/|etc/ld\.so\.cache$)' "$WORK/use/changed" || fail "that is left"
}

# Somewhere else, staged and moved. What stands in single quotes is for a shell within.
# shellcheck disable=SC2016
test_prefix() {
  need cmake pkg-config
  DESTDIR=$WORK/stage cmake --install "$BUILD" --prefix /opt/staged/seqshim >"$WORK/log"
  [ "$(ls -A "$WORK/stage")" = opt ] || fail "not all is below DESTDIR"
  mv "$WORK/stage/opt/staged/seqshim" "$WORK/moved"
  ! grep -rIl -e "$BUILD" -e /opt/staged/seqshim "$WORK/moved" || fail "paths in files"
  local preload
  if [ -e "$BUILD/seqshim" ]; then
    preload=$("$WORK/moved/bin/seqshim" -m x sh -c 'echo "$LD_PRELOAD"')
    [[ $preload == "$WORK/moved/"* ]] || fail "the command preloads $preload"
  fi
  env LD_PRELOAD="$WORK/moved/\$LIB/libseqshim.so" grep -q "$WORK/moved/.*/libseqshim.so" /proc/self/maps ||
    fail "\$LIB doesn't lead to the library"
  PKG_CONFIG_PATH=$(dirname "$(find "$WORK/moved" -name seqcache.pc)")
  export PKG_CONFIG_PATH
  # shellcheck disable=SC2046
  cc -o "$WORK/usage" "$sources/tests/seqcache_c_usage.c" $(pkg-config --cflags --libs seqcache)
  "$WORK/usage"
  bash "$here/support/consume.sh" CXX "$WORK/consumer" -DCMAKE_PREFIX_PATH="$WORK/moved"
}

# build_apart NAME CMAKE_OPTION...: in a tree of its own that is no git repository; sets BUILD. It works.
build_apart() {
  local tree=$WORK/$1
  shift
  mkdir "$tree"
  (cd "$sources" && tar cf - shim include tests bench examples CMakeLists.txt README.md LICENSE) | tar xf - -C "$tree"
  BUILD=$tree/build
  { cmake -S "$tree" -B "$BUILD" "$@" && cmake --build "$BUILD" -j "$(nproc)"; } >"$tree/log" 2>&1 ||
    { tail -n 40 "$tree/log"; fail "$*: the build"; }
  "$BUILD/seqshim" -m "$tree/out" --report="$tree/report.json" -- dd if=/dev/zero of="$tree/out" bs=10k count=500 status=none ||
    fail "$*: the command"
  grep -q '"bytes_written": *[1-9]' "$tree/report.json" || fail "$*: nothing was cached"
}

# As packagers build, with their flags, or another compiler, or nothing said at all.
test_builds() {
  [ -n "${SEQSHIM_LONG:-}" ] || skip "takes minutes: SEQSHIM_LONG=1"
  need cmake dpkg-buildflags clang++
  build_apart plain
  build_apart clang -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
  eval "$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --export=sh)"
  export CFLAGS="$CFLAGS $CPPFLAGS" CXXFLAGS="$CXXFLAGS $CPPFLAGS"
  build_apart hardened -DCMAKE_BUILD_TYPE=None -DCMAKE_INSTALL_PREFIX=/usr
  package "$WORK/deb"
  check_package "$DEB" || [ $? = 77 ] || fail "the package of a hardened build"
}

TESTS_DIR=package
run_tests "$@"
