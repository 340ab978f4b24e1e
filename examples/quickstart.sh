#!/usr/bin/env bash
# From a bare Debian 12 to a first archive through seqshim: installs what the build needs (as root,
# only what is missing), builds into build/, makes a tar of /usr plain and through the shim, checks
# that both are the same, and shows what either cost.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

readonly ROUNDS=3
# More than this many MiB of source would take longer than a first look should.
readonly MOST_MIB=2500

build() {
  install_packages "${BUILD_PACKAGES[@]}" util-linux-extra
  cmake -S "$root" -B "$root/build" -DCMAKE_BUILD_TYPE=Release >"$work/cmake.log" || {
    cat "$work/cmake.log"
    return 1
  }
  cmake --build "$root/build" -j "$(nproc)" --target all
}

mib_of() { du -sxm "$1" 2>/dev/null | cut -f1; }

# What to archive: the largest of these that isn't too much, with room for two archives. In $source.
choose_source() {
  local candidate mib room
  room=$(($(free_bytes "$work") >> 20))
  for candidate in /usr /usr/lib /usr/share /usr/bin /etc; do
    mib=$(mib_of "$candidate") || true
    if [ "${mib:-0}" -gt 0 ] && [ "$mib" -le "$MOST_MIB" ] && [ $((mib * 5 / 2)) -lt "$room" ]; then
      source=$candidate
      return
    fi
  done
  fail "no room for an archive in $work"
}

# Both runs shall read the source from memory, so that only the writing differs.
warm_up() { tar cf - --one-file-system -C / "${source#/}" 2>/dev/null | cat >/dev/null || true; }

# archive FILE COMMAND...: the command runs tar; returns when FILE is on the disk.
archive() {
  local file=$1 code=0
  shift
  "$@" tar cf "$file" --one-file-system --warning=no-file-changed -C / "${source#/}" || code=$?
  # 1: a file changed while it was read. The comparison will tell.
  [ "$code" -le 1 ] || fail "$* tar: exit code $code"
  sync "$file"
}

# one NAME COMMAND...: appends "wall cpu MiB-cached" to $work/NAME.figures; leaves $work/NAME.tar.
one() {
  local name=$1 file=$work/$1.tar
  shift
  rm -f "$file"
  sync -f "$work"
  measured "$work/times" archive "$file" "$@"
  awk -v cached="$(cached_bytes "$file" 2>/dev/null || echo nan)" \
    '{print $1, $2 + $3, cached / 1048576}' "$work/times" >>"$work/$name.figures"
  drop_cache "$file"
}

row() {
  local mib i
  local -a figure
  mib=$(($(stat -c %s "$work/$1.tar") >> 20))
  for i in 1 2 3; do figure+=("$(awk -v i="$i" '{print $i}' "$work/$1.figures" | median)"); done
  awk -v name="$1" -v wall="${figure[0]}" -v cpu="${figure[1]}" -v cached="${figure[2]}" -v mib="$mib" \
    'BEGIN {printf "%-8s %12.2f %10.0f %14.2f %18.1f\n", name, wall, mib / wall, cpu, cached}'
}

main() {
  local round
  mkdir -p "$root/build"
  work=$(mktemp -d "$root/build/quickstart.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  build
  choose_source
  note "archiving $source, $ROUNDS times each way"
  warm_up
  for ((round = 0; round < ROUNDS; round++)); do
    one plain env
    one seqshim "$root/build/seqshim" -m "$work/seqshim.tar" --report="$work/report" --
  done
  cmp "$work/plain.tar" "$work/seqshim.tar" ||
    fail "the archives differ (or has something written to $source meanwhile?)"

  printf '\nWhat the shim says of its last run:\n\n'
  awk '/^seqshim/ {text = ""} {text = text $0 "\n"} END {printf "%s", text}' "$work/report"
  printf '\ntar of %s, %d MiB; both archives are identical. Medians of %d runs:\n\n' \
    "$source" $(($(stat -c %s "$work/plain.tar") >> 20)) "$ROUNDS"
  printf '%-8s %12s %10s %14s %18s\n' '' 'wall s' 'MiB/s' 'CPU s' 'MiB left cached'
  row plain
  row seqshim
  printf '\nWall time ends when the archive is on the disk. CPU is user + system of tar.\n'
}

main "$@"
