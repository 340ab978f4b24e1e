#!/usr/bin/env bash
# The ladder: one job, written in every way there is, from buffered to what the disk can do.
#
#   ladder.sh [-n ROUNDS] [--size MIB] [--dir DIR] [--json FILE] [--build BUILD_DIR] [JOB...]
#
# Jobs: dd (`dd bs=10k` from /dev/zero) and tar (`tar cf` from files on tmpfs), unless others are
# named: zstd (`zstd -1 -c FILE > out`), cp and cat (`cat FILE > out`), of a file that is in the
# page cache and lies beside the output. Every round runs every rung once,
# starting at another one each time. Wall time is to durable: it ends when fsync of the file returns.
# CPU is user + system of all the processes of the rung; the kernel's own writeback isn't in it.
# MiB cached is what the file has in the page cache when it is durable. Medians, as Markdown.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/lib.sh
. "$root/tests/support/lib.sh"

rounds=5 size=1024 dir='' json='' build=$root/build jobs=()
rungs=(buffered nocache piped seqshim limit)

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -n) rounds=$2; shift ;;
      --size) size=$2; shift ;;
      --dir) dir=$2; shift ;;
      --json) json=$2; shift ;;
      --build) build=$2; shift ;;
      dd | tar | zstd | cp | cat) jobs+=("$1") ;;
      *) fail "usage: ladder.sh [-n ROUNDS] [--size MIB] [--dir DIR] [--json FILE] [--build BUILD_DIR] [dd|tar|zstd|cp|cat]..." ;;
    esac
    shift
  done
  [ ${#jobs[@]} -gt 0 ] || jobs=(dd tar)
}

# The program of a job. It writes to the file $1; with - to its standard output.
run_dd() {
  local to=(of="$1")
  shift
  [ "${to[0]}" != of=- ] || to=()
  "$@" dd if=/dev/zero "${to[@]}" bs=10k count=$((size * 1024 / 10)) status=none
}
run_tar() { "${@:2}" tar cf "$1" -C "$MEMORY_DIR" files; }
run_zstd() { redirected "$1" "${@:2}" zstd -q -1 -c "$source"; }
run_cat() { redirected "$1" "${@:2}" cat "$source"; }
run_cp() {
  if [ "$1" = - ]; then cat "$source"; else "${@:2}" cp "$source" "$1"; fi
}
# redirected FILE|- COMMAND...: the file is opened by this shell, as by any other.
redirected() {
  if [ "$1" = - ]; then "${@:2}"; else "${@:2}" >"$1"; fi
}

buffered() { "run_$1" "$out" env; }
nocache_rung() { "run_$1" "$out" nocache; }
piped() { "run_$1" - env | dd of="$out" bs=1M iflag=fullblock oflag=direct status=none; }
seqshim() { "run_$1" "$out" env LD_PRELOAD="$LIB" SEQSHIM_MATCH="$out"; }
limit() { dd if=/dev/zero of="$out" bs=1M count="$size" oflag=direct status=none; }

to_durable() {
  "$@"
  sync "$out"
}

# one JOB RUNG: appends "MB/s CPU-seconds-per-GB MiB-cached" to $results/JOB.RUNG.
one() {
  local job=$1 rung=$2 command=$2 wall user system bytes cached
  [ "$rung" != nocache ] || command=nocache_rung
  rm -f "$out"
  sync -f "$dir"
  measured "$results/time" to_durable "$command" "$job"
  read -r wall user system <"$results/time"
  bytes=$(stat -c %s "$out")
  cached=$(cached_bytes "$out")
  awk -v b="$bytes" -v w="$wall" -v u="$user" -v s="$system" -v c="$cached" \
    'BEGIN {printf "%.1f %.4f %.3f\n", b / w / 1e6, (u + s) / (b / 1e9), c / 1048576}' \
    >>"$results/$job.$rung"
  rm -f "$out"
}

usable() {
  case $1 in
    nocache) have nocache ;;
    seqshim) [ -e "$LIB" ] ;;
  esac
}

all_rounds() {
  local round i job rung
  for ((round = 0; round < rounds; round++)); do
    for job in "${jobs[@]}"; do
      for ((i = 0; i < ${#rungs[@]}; i++)); do
        rung=${rungs[(i + round) % ${#rungs[@]}]}
        one "$job" "$rung"
      done
    done
    note "round $((round + 1)) of $rounds"
  done
}

column() { awk -v c="$3" '{print $c}' "$results/$1.$2" | median; }

# rows JOB: "rung MB/s CPU cached", medians.
rows() {
  local rung
  for rung in "${rungs[@]}"; do
    printf '%s %s %s %s\n' "$rung" "$(column "$1" "$rung" 1)" "$(column "$1" "$rung" 2)" "$(column "$1" "$rung" 3)"
  done
}

print_table() {
  local title
  case $1 in
    dd) title='dd if=/dev/zero bs=10k' ;;
    tar) title="tar cf, 256 files on $(stat -f -c %T "$MEMORY_DIR")" ;;
    zstd) title='zstd -1 -c FILE >out' ;;
    cp) title='cp FILE out' ;;
    cat) title='cat FILE >out' ;;
  esac
  printf '\n%s, %d MiB, %d rounds\n\n' "$title" "$size" "$rounds"
  printf '| rung | MB/s to durable | x buffered | CPU s/GB | x buffered | MiB left cached |\n|---|---:|---:|---:|---:|---:|\n'
  awk '$1 == "buffered" {speed = $2; cpu = $3}
    {printf "| %s | %.0f | %.2f | %.3f | %.2f | %.2f |\n", $1, $2, $2 / speed, $3, $3 / cpu, $4}' <(rows "$1")
}

print_json() {
  local job comma=''
  printf '{"size_mib": %d, "rounds": %d, "jobs": {' "$size" "$rounds"
  for job in "${jobs[@]}"; do
    printf '%s"%s": {' "$comma" "$job"
    rows "$job" | awk '{printf "%s\"%s\": {\"mb_per_s\": %s, \"cpu_s_per_gb\": %s, \"mib_cached\": %s}",
      (NR > 1 ? ", " : ""), $1, $2, $3, $4}'
    printf '}'
    comma=', '
  done
  printf '}}\n'
}

main() {
  local rung job kept=()
  read_options "$@"
  have fincore || fail "fincore is needed (Debian: util-linux-extra)"
  use_build "$build"
  dir=$(realpath "${dir:-$SCRATCH}")
  on_disk "$dir" || note "warning: $dir keeps its files in memory"
  for rung in "${rungs[@]}"; do
    if usable "$rung"; then kept+=("$rung"); else note "without $rung"; fi
  done
  rungs=("${kept[@]}")
  results=$(mktemp -d)
  out=$dir/seqshim-ladder.$$
  source=$out.source
  MEMORY_DIR=''
  trap 'rm -rf "$results" "$out" "$source" ${MEMORY_DIR:+"$MEMORY_DIR"}' EXIT
  if [[ " ${jobs[*]} " == *' tar '* ]]; then
    memory_dir "$size"
    make_files "$MEMORY_DIR/files" 256 "$(((size + 255) / 256))"
  fi
  if [[ " ${jobs[*]} " =~ ' '(zstd|cp|cat)' ' ]]; then
    head -c $((size << 20)) /dev/urandom >"$source"
    sync "$source"
  fi
  all_rounds
  for job in "${jobs[@]}"; do print_table "$job"; done
  [ -z "$json" ] || print_json >"$json"
}

main "$@"
