# What the examples share; each of them sources it. It defines functions, and runs nothing.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# need COMMAND PACKAGE: ends the example where the command is missing, with the exit code that test
# programs take for "skipped".
need() {
  command -v "$1" >/dev/null && return
  say "skipped: there is no $1 here (apt-get install $2)" >&2
  exit 77
}

# begin DEFAULT_SIZE [ARGUMENT...]: reads an example's command line, and sets
#   DIR      the absolute path of an empty directory to work in
#   BYTES    how much to write there
#   SEQSHIM  the command: of this tree if it is built, else the one that is installed
# The function at_end, if the example has one, runs when it ends, however it does.
begin() {
  local default=$1
  shift
  case ${1:-} in
    -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit ;;
    -*) say "usage: $0 [DIRECTORY]" >&2; exit 2 ;;
  esac
  BYTES=$(numfmt --from=iec -- "${SIZE:-$default}" 2>/dev/null || echo 0)
  [ "$BYTES" -ge $((1 << 20)) ] || fail "SIZE=$SIZE: at least 1M, like 64M or 2G"
  find_seqshim
  trap 'end_example' EXIT
  if [ -n "${1:-}" ]; then
    mkdir -p "$1"
    DIR=$(realpath "$1")
    [ -z "$(ls -A "$DIR")" ] || fail "$DIR isn't empty"
  else
    # Not /tmp: where that is in memory, there is no disk to write to.
    DIR=$(realpath "$(mktemp -d "${TMPDIR:-/var/tmp}/seqshim-example.XXXXXX")")
    temporary=$DIR
  fi
}

find_seqshim() {
  local tree
  tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  if [ -z "${SEQSHIM:-}" ] && [ -x "$tree/build/seqshim" ]; then SEQSHIM=$tree/build/seqshim; fi
  SEQSHIM=${SEQSHIM:-$(type -P seqshim || true)}
  [ -n "$SEQSHIM" ] || fail "there is no seqshim yet: bash $tree/examples/quickstart.sh builds it"
}

seqshim() { command "$SEQSHIM" "$@"; }

# offers SUBCOMMAND: whether this seqshim has it.
offers() { seqshim "$1" --help >/dev/null 2>&1; }

end_example() {
  local code=$?
  if declare -F at_end >/dev/null; then at_end || true; fi
  rm -rf ${temporary:+"$temporary"}
  exit "$code"
}

# make_text BYTES: so many bytes that compress a little, in lines.
make_text() { head -c $(($1 * 3 / 4)) /dev/urandom | base64 -w 0 | fold -w 79; }

# make_tree DIRECTORY: files of $BYTES bytes together.
make_tree() {
  local i
  for ((i = 1; i <= 8; i++)); do
    mkdir -p "$1/folder-$i"
    make_text $((BYTES / 8)) >"$1/folder-$i/notes"
    head -c "$i" /dev/urandom >"$1/folder-$i/small"
  done
}

# drop_from_cache DIRECTORY: as if none of its files had been used for long.
drop_from_cache() {
  find "$1" -type f -exec dd of={} oflag=nocache conv=notrunc,fdatasync count=0 status=none ';'
}

mib() { find "$@" -type f -printf '%s\n' | awk '{n += $1} END {printf "%d", n / 1048576 + 0.5}'; }

# left_cached PATH...: how many MiB of these files are in the page cache, as a few words.
left_cached() {
  if command -v fincore >/dev/null; then
    find "$@" -type f -exec fincore -b -n -o RES {} + |
      awk '{n += $1} END {printf "%.1f MiB are in the page cache", n / 1048576}'
  else
    printf 'nobody can tell how much is in the page cache (apt-get install util-linux-extra)'
  fi
}
