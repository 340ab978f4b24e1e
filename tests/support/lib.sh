# Shared by the tests, the benchmarks and the quickstart: source it, it only defines functions.
# shellcheck shell=bash disable=SC2034

note() { printf '%s\n' "$*" >&2; }
fail() { note "FAILED: $*"; exit 1; }
# ctest's SKIP_RETURN_CODE.
skip() { note "skipped: $*"; exit 77; }

have() { command -v "$1" >/dev/null 2>&1; }

# need COMMAND...: skips the test when one is missing.
need() {
  local command
  for command; do
    have "$command" || skip "there is no $command here"
  done
}

# use_build BUILD_DIR: sets BUILD (absolute), LIB and SCRATCH.
# SEQSHIM_TEST_LIB names another library to preload; empty: none (plain against plain).
# SEQSHIM_SCRATCH names another place for the files: it should be on a disk.
use_build() {
  BUILD=$(realpath "$1")
  LIB=${SEQSHIM_TEST_LIB-$BUILD/libseqshim.so}
  SCRATCH=${SEQSHIM_SCRATCH:-$BUILD/scratch}
  mkdir -p "$SCRATCH"
  SCRATCH=$(realpath "$SCRATCH")
  if [ -n "$LIB" ] && [ ! -e "$LIB" ]; then
    fail "$LIB isn't there: build first"
  fi
  unset SEQSHIM_MATCH SEQSHIM_READ SEQSHIM_CLUSTER SEQSHIM_DEPTH SEQSHIM_MEMORY SEQSHIM_ENGINE
  unset SEQSHIM_APPEND SEQSHIM_DIRECT_MIN SEQSHIM_GUARD SEQSHIM_IDLE_MS SEQSHIM_RATE
  unset SEQSHIM_SYNC SEQSHIM_CONFIG SEQSHIM_REPORT SEQSHIM_LOG SEQSHIM_PROGRESS
  export LC_ALL=C TZ=UTC
  export PATH="$PATH:/usr/sbin:/sbin"
}

# fresh_dir NAME: an empty directory under SCRATCH, its path in WORK.
fresh_dir() {
  WORK=$SCRATCH/$1
  rm -rf "$WORK"
  mkdir -p "$WORK"
}

# shimmed PATTERN COMMAND...: runs the command with the library preloaded.
shimmed() {
  local pattern=$1
  shift
  env ${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="$pattern" "$@"
}

# on_disk PATH: false where the page cache is the storage, or stands between us and it.
on_disk() {
  case $(stat -f -c %T "$1") in
    tmpfs | ramfs | btrfs | zfs) return 1 ;;
  esac
}

# Bytes of FILE that are in the page cache.
cached_bytes() { fincore -b -n -o RES "$1" | tr -d ' '; }

# Writes back what is dirty of FILE and drops it from the page cache.
drop_cache() { dd of="$1" oflag=nocache conv=notrunc,fdatasync count=0 status=none; }

free_bytes() { df -B1 --output=avail "$1" | tail -n 1 | tr -d ' '; }

# memory_dir MIB: a directory for MIB of source data, on tmpfs if memory allows, else SCRATCH.
# The answer is in MEMORY_DIR; the caller removes it.
memory_dir() {
  local bytes=$(($1 << 20)) free_kib
  free_kib=$(awk '/^MemAvailable/ {print $2}' /proc/meminfo)
  if [ -w /dev/shm ] && [ "$(free_bytes /dev/shm)" -gt "$bytes" ] &&
    [ "$free_kib" -gt $((2 * ($1 << 10))) ]; then
    MEMORY_DIR=$(mktemp -d /dev/shm/seqshim.XXXXXX)
  else
    MEMORY_DIR=$(mktemp -d "$SCRATCH/source.XXXXXX")
  fi
}

# make_files DIR COUNT MIB: COUNT files of MIB MiB each, none like another.
make_files() {
  local i
  mkdir -p "$1"
  head -c "$(($3 << 20))" /dev/urandom >"$1/first"
  for ((i = 1; i <= $2; i++)); do
    { printf '%016d' "$i" && tail -c +17 "$1/first"; } >"$1/file-$i"
  done
  rm "$1/first"
}

# measured TIMES COMMAND...: the command's exit code; the file TIMES gets "wall user system", in
# seconds.
measured() {
  local times_file=$1 TIMEFORMAT='%R %U %S' code=0
  shift
  { time "$@" 2>&3; } 3>&2 2>"$times_file" || code=$?
  return "$code"
}

# run_tests LIST_OR_BUILD_DIR [TEST...]: the main program of a script whose tests are its functions
# test_NAME. They run one by one, each in an empty $WORK; $TESTS_DIR names that.
run_tests() {
  local names name code=0
  if [ "${1:-}" = --list ]; then list_tests; return; fi
  [ $# -gt 0 ] || fail "usage: $0 --list | $0 BUILD_DIR [TEST...]"
  use_build "$1"
  shift
  if [ $# -gt 0 ]; then names=("$@"); else mapfile -t names < <(list_tests); fi
  for name in "${names[@]}"; do
    set +e
    (set -e; fresh_dir "$TESTS_DIR/$name"; "test_${name//-/_}"; rm -rf "$WORK")
    case $? in
      0) note "ok: $name" ;;
      77) [ ${#names[@]} -gt 1 ] || code=77 ;;
      *) note "FAILED: $name"; code=1 ;;
    esac
    set -e
  done
  return "$code"
}

list_tests() { declare -F | sed -n 's/^declare -f test_//p' | tr _ -; }

# The median of the numbers on stdin.
median() {
  sort -g | awk '{v[NR] = $1} END {if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'
}

# Prints the Debian packages that are not installed.
missing_packages() {
  local package
  for package; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      printf '%s\n' "$package"
  done
}

# Prints those that this release has; what the others bring, it may have elsewhere.
known_packages() {
  local package
  for package; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      printf '%s\n' "$package"
    else
      note "there is no package $package here"
    fi
  done
}

# The package with clang's sanitizers, where they are not in clang's own.
clang_runtime() { have clang && clang -dumpversion | sed 's/^\([0-9]*\).*/libclang-rt-\1-dev/'; }

# install_packages PACKAGE...: with apt-get, only what is missing. Without root it names what is
# missing and goes on: there may be other ways to have it.
install_packages() {
  local missing
  have dpkg-query || return 0
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    note "not root, so not installed: ${missing[*]}"
    return 0
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  mapfile -t missing < <(known_packages "${missing[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  note "installing: ${missing[*]}"
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Without the last two, cpack makes no package, or one that depends on nothing.
BUILD_PACKAGES=(
  cmake make g++ libcli11-dev libfmt-dev nlohmann-json3-dev libelf-dev libdw-dev file dpkg-dev
)
# What the tests and benchmarks use beyond that; a program that is missing skips its tests.
TEST_PACKAGES=(
  libgtest-dev libbenchmark-dev libunwind-dev clang clang-format clang-tidy
  strace util-linux util-linux-extra binutils procps libjemalloc2
  git sqlite3 python3 perl rsync cpio pax pigz gzip xz-utils bzip2 zstd lz4 zip unzip
  e2fsprogs xfsprogs btrfs-progs dosfstools quota mount patch vim-tiny gawk dash nocache
  fuse3 libfuse3-dev pkg-config lintian chromium-headless-shell fonts-dejavu-core
  mandoc man-db bash-completion fish bsdutils shellcheck
)
# What bench/ladder.py compares with, and draws with; a program that is missing leaves out its rung.
BENCH_PACKAGES=(fio gnuplot-nox mbuffer pv)
# The programs of the matrix (tests/programs) beyond those: 300 MB to fetch, 1.2 GB when installed.
PROGRAM_PACKAGES=(
  libarchive-tools p7zip-full pbzip2 lzop genisoimage xorriso squashfs-tools qemu-utils logrotate
  openssl gpg curl wget sox ffmpeg imagemagick postgresql
  zsh ksh busybox ruby nodejs default-jre-headless ecj gfortran gnucobol3 rustc
  openmpi-bin libopenmpi-dev
)
