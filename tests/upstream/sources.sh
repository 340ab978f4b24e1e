# Debian's packages and their sources, kept under CACHE: source it, it only defines functions.
# shellcheck shell=bash

# apt_source ARGUMENT...: apt-get, with the machine's own package sources taken for source packages
# too. Nothing of it touches the machine's own lists.
apt_source() {
  local apt=$CACHE/apt
  apt-get -qq \
    -o Dir::Etc::sourcelist="$apt/source.list" -o Dir::Etc::sourceparts="$apt/parts" \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root "$@"
}

# Once a run, and only if something has to be fetched. The machine may name its sources in either
# form.
update_package_lists() {
  local apt=$CACHE/apt file
  [ -z "${lists_updated:-}" ] || return 0
  mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    sed -nE 's/^deb .*/&\n&/; s/\ndeb /\ndeb-src /p' >"$apt/source.list"
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$file" ] || sed -E 's/^Types:.*/Types: deb deb-src/' "$file" >"$apt/parts/${file##*/}"
  done
  apt_source update
  lists_updated=yes
}

# fetch_source PACKAGE: the released source of the package, unpacked in CACHE/PACKAGE.
fetch_source() {
  local dir=$CACHE/$1
  [ ! -d "$dir" ] || return 0
  update_package_lists
  rm -rf "$dir.fetched" "$dir.unpacked"
  mkdir -p "$dir.fetched" "$dir.unpacked"
  (cd "$dir.fetched" && apt_source source --download-only "$1")
  tar -xf "$dir.fetched/$1"_*.orig.tar.* -C "$dir.unpacked" --strip-components=1
  mv "$dir.unpacked" "$dir"
}

# build_source PACKAGE: ./configure && make, once. Its own programs are what its tests run.
build_source() {
  local dir=$CACHE/$1
  [ ! -e "$dir/built" ] || return 0
  install_packages gcc libc6-dev make perl
  note "building $1"
  (cd "$dir" && export FORCE_UNSAFE_CONFIGURE=1 &&
    ./configure --disable-nls --without-selinux CFLAGS=-O1 &&
    make -j "$JOBS") >"$dir.log" 2>&1 || { tail -n 30 "$dir.log" >&2; fail "can't build $1"; }
  touch "$dir/built"
}
