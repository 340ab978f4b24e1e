#!/usr/bin/env bash
# What the kernel sees of the shim.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all
#
# shellcheck disable=SC2016
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"

# What makes, copies, closes, inherits or writes to a descriptor.
calls=open,openat,openat2,creat,memfd_create,eventfd2,dup,dup2,dup3,fcntl,close,close_range
calls+=,write,writev,pwrite64,pwritev,pwritev2,clone,clone3,fork,vfork,execve

# SEQSHIM_DIRECT_MIN; empty: the default.
minimum=4K

# traced COMMAND...: under strace with the shim; the trace is in $WORK/trace. `raw` shows addresses.
traced() {
  strace -f -y -s 0 -o "$WORK/trace" -e trace="$calls" -e raw=write,pwrite64 \
    ${LIB:+-E LD_PRELOAD="$LIB"} -E SEQSHIM_MATCH="$WORK/*.out" -E SEQSHIM_CLUSTER=64K \
    -E SEQSHIM_DIRECT_MIN="$minimum" -E SEQSHIM_ENGINE="$engine" "$@"
}

# The directory of the input files, made when first asked for.
input() {
  bash "$here/../support/inputs.sh" "$SCRATCH"
  printf '%s\n' "$SCRATCH/input"
}

# aligned COMMAND...: the command writes $WORK/a.out, 3 MB or more.
aligned() {
  local engine
  for engine in thread sync; do
    rm -f "$WORK"/*.out
    traced "$@"
    perl "$here/check_trace.pl" "$WORK/trace" "${LIB:+10}"
  done
}

test_aligned_dd() { aligned dd if="$(input)/noise-5M" of="$WORK/a.out" bs=10240 status=none; }
# Clusters that are smaller than SEQSHIM_DIRECT_MIN, in a file that is larger.
test_aligned_dd_default_minimum() {
  minimum=''
  aligned dd if="$(input)/noise-5M" of="$WORK/a.out" bs=10240 status=none
}
test_aligned_dd_offset() {
  aligned dd if="$(input)/noise-5M" of="$WORK/a.out" bs=10007 seek=3 status=none
}
test_aligned_dd_fsync() {
  aligned dd if="$(input)/noise-5M" of="$WORK/a.out" bs=1000 conv=fsync status=none
}
test_aligned_tar() { aligned tar cf "$WORK/a.out" -C "$(input)" tree noise; }
test_aligned_redirect() {
  aligned sh -c "tar cf - -C '$(input)' tree noise >'$WORK/a.out'"
}
test_aligned_group() {
  aligned sh -c "{ echo head; dd if='$(input)/noise' bs=999 status=none; echo middle
    dd if='$(input)/noise' bs=4096 status=none; } >'$WORK/a.out'"
}
test_aligned_gzip() {
  aligned sh -c "gzip -1c '$(input)/noise-5M' >'$WORK/a.out'"
}
test_aligned_fork_exec() {
  need perl
  aligned perl -e 'open F, ">", $ARGV[0]; syswrite F, "x" x 777 for 1 .. 3000;
    if (!fork) {syswrite F, "child" x 100 for 1 .. 3000; exec "true"} wait;
    syswrite F, "y" x 1001 for 1 .. 3000; system "true"; syswrite F, "z" x 100000' "$WORK/a.out"
}

# same COMMAND...: prints the same with and without the shim, and writes the same $WORK/a.out.
same() {
  local engine
  rm -f "$WORK"/*.out
  "$@" >"$WORK/plain.log" 2>&1 || echo "exit code $?" >>"$WORK/plain.log"
  mv "$WORK/a.out" "$WORK/a.plain"
  for engine in thread sync; do
    shimmed "$WORK/*.out" SEQSHIM_CLUSTER=64K SEQSHIM_ENGINE=$engine "$@" >"$WORK/shim.log" 2>&1 ||
      echo "exit code $?" >>"$WORK/shim.log"
    diff -U1 "$WORK/plain.log" "$WORK/shim.log" || fail "engine $engine: it printed something else"
    cmp "$WORK/a.plain" "$WORK/a.out" || fail "engine $engine: another file"
    rm "$WORK/a.out"
  done
}

# The program's own next descriptors are what they always were, also while clusters are in flight.
test_numbers() {
  need perl
  same perl -e '
    sub low { opendir D, "/proc/self/fd"; my $own = fileno(D) // 0;
      print join(" ", sort {$a <=> $b} grep {/\d/ && $_ < 256 && readlink "/proc/self/fd/$_"} readdir D), "\n"; closedir D }
    open F, ">", $ARGV[0]; syswrite F, "x" x 10007 for 1 .. 500; low();
    open G, "<", "/dev/null"; print fileno(F), " ", fileno(G), "\n"; close G;
    open H, ">&", \*F; print fileno(H), "\n"; syswrite H, "dup" x 50000; close F; low();
    open G, "<", "/dev/null"; print fileno(G), "\n"; syswrite H, "end"; close H; low();' "$WORK/a.out"
}

# A child sees the program's descriptors and no others, preloaded or not.
test_exec_inherits_nothing() {
  need perl
  same perl -e '
    $^F = 100; open F, ">", $ARGV[0]; syswrite F, "x" x 10007 for 1 .. 500;
    my $list = q{for f in /proc/self/fd/*; do echo "${f##*/}"; done | sort -n};
    system "sh", "-c", $list; system "env", "-u", "LD_PRELOAD", "sh", "-c", $list;
    syswrite F, "y" x 100000;
    exec "env", "-u", "LD_PRELOAD", "sh", "-c", "$list; echo tail >&3";' "$WORK/a.out"
}

# A child that sleeps while its parent goes on writing.
test_sleeping_child_holds_nothing() {
  need perl
  same perl -e '
    open F, ">", $ARGV[0]; syswrite F, "x" x 10007 for 1 .. 500;
    my $pid = fork // die; if (!$pid) {close F; exec "sleep", "60"}
    select undef, undef, undef, 0.2;
    syswrite F, "y" x 10007 for 1 .. 500;
    opendir D, "/proc/$pid/fd"; print join(" ", sort {$a <=> $b} grep /\d/, readdir D), "\n";
    kill 9, $pid; wait; close F' "$WORK/a.out"
}

test_shell_close_loop() {
  need bash
  same bash -c 'exec >"$1"; dd if=/dev/zero bs=777 count=3000 status=none; echo builtin
    for i in $(seq 3 1100); do eval "exec $i>&-"; done
    echo after; dd if=/dev/zero bs=777 count=3000 status=none; echo end' bash "$WORK/a.out"
}

test_dash_close_loop() {
  need dash
  same dash -c 'exec >"$1"; dd if=/dev/zero bs=777 count=3000 status=none; echo builtin
    for i in 3 4 5 6 7 8 9; do eval "exec $i>&-"; done
    echo after; dd if=/dev/zero bs=777 count=3000 status=none; echo end' dash "$WORK/a.out"
}

# The C program closes everything in one of the ways there are, with unwritten data in the shim.
close_everything() {
  need "${CC:-cc}"
  "${CC:-cc}" -O1 -Wall -Wextra -o "$WORK/close_everything" "$here/close_everything.c"
  same "$WORK/close_everything" "$1" "$WORK/a.out"
}
test_close_loop() { close_everything close; }
test_close_range() { close_everything close_range; }
test_close_range_raw() { close_everything close_range_raw; }
test_close_range_cloexec() { close_everything close_range_cloexec; }
test_close_range_unshare() { close_everything close_range_unshare; }
test_closefrom() { close_everything closefrom; }
test_close_above() { close_everything close_above; }
test_dup2_over_everything() { close_everything dup2; }

# --- SEQSHIM_SYNC

# synced OPTION... COMMAND...: the command, which writes $WORK/a.out, under strace with `sync` as
# SEQSHIM_SYNC; the trace is in $WORK/trace.
synced() {
  rm -f "$WORK/a.out"
  strace -f -y -s 0 -o "$WORK/trace" \
    -e trace=write,writev,pwrite64,pwritev,fdatasync,fsync,close,dup2,dup3,execve,exit_group \
    ${LIB:+-E LD_PRELOAD="$LIB"} -E SEQSHIM_MATCH="$WORK/*.out" -E SEQSHIM_CLUSTER=64K \
    -E SEQSHIM_SYNC="$sync" "$@"
}
sync=1

# durable_before CALL: $WORK/a.out has been made durable once, after the last write to it; what comes
# next of it, or of the process, is CALL, which ends its life there.
durable_before() {
  [ -n "$LIB" ] || return 0
  awk -v file="<$WORK/a.out>" -v call="$1" '
    {sub(/^[0-9]+ +/, "")}
    /^fdatasync/ && index($0, file) {times++; after = ""; next}
    /^p?writev?(64)?\(/ && index($0, file) {if (times) late++; next}
    /^(close|dup2|dup3)\(/ && !index($0, file) {next}
    times && after == "" && /^(close|dup2|dup3|execve|exit_group)\(/ {after = $0; sub(/\(.*/, "", after)}
    END {if (times == 1 && !late && after == call) exit 0
      printf "%d times, %d writes behind it, then %s\n", times, late, after; exit 1}' "$WORK/trace" ||
    { cat "$WORK/trace" >&2; fail "not durable, or more often than it need be"; }
}

test_sync_dd() {
  synced dd if="$(input)/noise-5M" of="$WORK/a.out" bs=10240 status=none
  durable_before close
  cmp "$(input)/noise-5M" "$WORK/a.out"
}
test_sync_small() {
  synced dd if="$(input)/noise-5M" of="$WORK/a.out" bs=100 count=3 status=none
  durable_before close
  cmp <(head -c 300 "$(input)/noise-5M") "$WORK/a.out"
}
test_sync_handed_back() {
  need perl
  synced perl -e 'use Fcntl ":flock"; open F, ">", $ARGV[0]; flock F, LOCK_EX;
    syswrite F, "x" x 4000 for 1 .. 100; close F' "$WORK/a.out"
  durable_before close
}
test_sync_redirected() {
  need dash
  synced dash -c "echo hello >'$WORK/a.out'; :"
  durable_before dup2
  [ "$(<"$WORK/a.out")" = hello ] || fail "it isn't what was written"
}
# It is the parent that closes it last.
test_sync_shared() {
  need dash
  synced dash -c "{ dd if='$(input)/noise-5M' bs=10007 status=none; echo end; } >'$WORK/a.out'; :"
  cmp <(cat "$(input)/noise-5M"; echo end) "$WORK/a.out"
  [ -z "$LIB" ] || [ "$(grep -c 'fdatasync' "$WORK/trace")" = 2 ] || { cat "$WORK/trace"; fail "not twice"; }
}
test_sync_exit() {
  need perl
  synced perl -e 'use POSIX; my $fd = POSIX::open($ARGV[0], O_WRONLY | O_CREAT);
    POSIX::write($fd, "x" x 10007, 10007) for 1 .. 100; POSIX::_exit(0)' "$WORK/a.out"
  durable_before exit_group
}
test_sync_exec() {
  need perl
  synced perl -e '$^F = 100; open F, ">", $ARGV[0]; syswrite F, "x" x 10007 for 1 .. 100;
    exec "true"' "$WORK/a.out"
  durable_before execve
}
# libc flushes its streams when everybody else has had the last word.
test_sync_last_flush() {
  need "${CC:-cc}"
  printf '%s\n' '#include <stdio.h>' 'int main(int count, char **words) {' \
    'FILE *file = fopen(words[count - 1], "w"); return fputs("hello", file) < 0; }' >"$WORK/flush.c"
  "${CC:-cc}" -o "$WORK/flush" "$WORK/flush.c"
  synced "$WORK/flush" "$WORK/a.out"
  durable_before exit_group
  [ "$(<"$WORK/a.out")" = hello ] || fail "it isn't what was written"
}
# A library's destructor may come after ours, and leave the file open.
test_sync_last_words() {
  need "${CC:-cc}"
  "${CC:-cc}" -shared -fPIC -o "$WORK/liblate.so" "$here/write_late.c"
  "${CC:-cc}" -DMAIN -o "$WORK/late" "$here/write_late.c" -L"$WORK" -llate -Wl,-rpath,"$WORK"
  synced "$WORK/late" "$WORK/a.out"
  [ -z "$LIB" ] || tail -n 3 "$WORK/trace" | grep -q 'fdatasync.*a\.out' ||
    { cat "$WORK/trace" >&2; fail "the last words aren't durable"; }
  cmp <(echo hello; echo bye) "$WORK/a.out"
}
# More mapped files than are remembered.
test_sync_many_mapped() {
  need "${CC:-cc}"
  "${CC:-cc}" -O1 -Wall -Wextra -o "$WORK/map_many" "$here/map_many.c"
  synced "$WORK/map_many" 1100 "$WORK" "$WORK/a.out"
  durable_before close
}
# Its size and its time needn't show that it was written.
test_sync_mapped_in_place() {
  need "${CC:-cc}"
  "${CC:-cc}" -O1 -Wall -Wextra -o "$WORK/map_in_place" "$here/map_in_place.c"
  synced sh -c "echo hello >'$WORK/a.out'; exec '$WORK/map_in_place' '$WORK/a.out'"
  [ -z "$LIB" ] || tail -n 4 "$WORK/trace" | grep -q 'fdatasync.*a\.out' ||
    { cat "$WORK/trace" >&2; fail "what was mapped isn't durable"; }
  [ "$(<"$WORK/a.out")" = '!ello' ] || fail "it isn't what was written"
}
# What the disk refuses is told by close, as it tells of other bytes that were lost.
test_sync_error() {
  [ -n "$LIB" ] || return 0
  local name
  for name in EIO ENOSPC; do
    if synced -e inject=fdatasync:error=$name \
      dd if="$(input)/noise-5M" of="$WORK/a.out" bs=10240 status=none 2>"$WORK/log"; then
      fail "$name isn't told"
    fi
    grep -qE 'Input/output error|No space left' "$WORK/log" || { cat "$WORK/log"; fail "told otherwise"; }
    cmp "$(input)/noise-5M" "$WORK/a.out"
  done
}
# By each of its descriptions, as the kernel tells it to each that asks.
test_sync_error_twice() {
  [ -n "$LIB" ] || return 0
  need perl
  synced -e inject=fdatasync:error=EIO perl -e 'open F, ">", $ARGV[0]; open G, ">>", $ARGV[0];
    syswrite F, "one"; syswrite G, "two"; exit(close(F) || close(G))' "$WORK/a.out" ||
    fail "one of two isn't told"
}
test_sync_off() {
  sync=''
  synced dd if="$(input)/noise-5M" of="$WORK/a.out" bs=10240 status=none
  ! grep fdatasync "$WORK/trace" || fail "nobody asked for it"
}

# --- What is read.

# The calls that name the file $1 in $WORK/trace, each once with its number of times.
calls_on() {
  grep -F "<$1>" "$WORK/trace" | sed 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/' | sort | uniq -c |
    awk '{print $2, $1}'
}

# traced_reads FILE COMMAND...: what the kernel is asked of FILE with $reads as SEQSHIM_READ is in
# $WORK/calls.
traced_reads() {
  local file=$1
  shift
  strace -f -y -s 0 -o "$WORK/trace" ${LIB:+-E LD_PRELOAD="$LIB"} ${reads:+-E SEQSHIM_READ="$reads"} \
    ${writes:+-E SEQSHIM_MATCH="$writes"} "$@"
  calls_on "$file" >"$WORK/calls"
}
reads='' writes=''

# asked CALL LEAST MOST: so often.
asked() {
  local times
  times=$(awk -v call="$1" '$1 == call {print $2}' "$WORK/calls")
  if [ "${times:-0}" -lt "$2" ] || [ "${times:-0}" -gt "$3" ]; then
    cat "$WORK/calls" >&2
    fail "$1: ${times:-0} times"
  fi
}

cold_source() {
  on_disk "$WORK" || skip "$WORK is on a file system that keeps files in memory"
  head -c 5000000 /dev/urandom >"$WORK/source"
  sync "$WORK/source"
  drop_cache "$WORK/source"
}

# Every read as the program makes it, by the same call; a look and a drop for each MiB of it, and no
# descriptor, thread, guard or pool of ours.
test_reads_are_the_programs() {
  cold_source
  traced_reads "$WORK/source" dd if="$WORK/source" of=/dev/null bs=10240 status=none
  mv "$WORK/calls" "$WORK/plain"
  reads="$WORK/*"
  drop_cache "$WORK/source"
  traced_reads "$WORK/source" dd if="$WORK/source" of=/dev/null bs=10240 status=none
  local times
  times=$(awk '$1 == "read" {print $2}' "$WORK/plain")
  asked read "$times" "$times"
  [ -z "$LIB" ] || asked fadvise64 5 8
  asked lseek 0 10
  asked mmap 0 0
  if grep -E 'memfd_create|clone|fork|O_DIRECT[^O]|F_DUPFD' "$WORK/trace"; then fail "something of ours"; fi
}

# What isn't named, or is in the cache as a whole, costs what it always did.
test_reads_of_others_are_plain() {
  cold_source
  for reads in '' '/nowhere/*'; do
    writes='/nowhere/*'
    traced_reads "$WORK/source" cat "$WORK/source" >"$WORK/copy"
    grep -vE '^(fstat|newfstatat|fstatfs) ' "$WORK/calls" >"$WORK/calls.${reads:+read}" || true
  done
  diff "$WORK/calls." "$WORK/calls.read" || fail "other calls"
}

# Without SEQSHIM_READ there isn't one call more than there was.
test_reads_unset() {
  cold_source
  writes='/nowhere/*' reads=''
  traced_reads "$WORK/source" cat "$WORK/source" >"$WORK/copy"
  asked fadvise64 0 1
  asked lseek 0 0
  if grep -E 'cachestat|syscall_0x1c3' "$WORK/trace"; then fail "a look"; fi
}

# What is mapped is known by what it is, whatever it is called and whether anything is cached.
test_mappings_of_many_files() {
  mkdir "$WORK/objects"
  python3 - "$WORK/objects" <<'EOF'
import sys
for i in range(1500):
    open(f'{sys.argv[1]}/{i}.out', 'w').write('object')
EOF
  cat >"$WORK/map.py" <<'EOF'
import mmap, os, sys
if len(sys.argv) > 2:
    os.write(os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT), b'x' * 100000)
for i in range(1500):
    for again in range(2):
        fd = os.open(f'{sys.argv[1]}/{i}.out', os.O_RDONLY)
        mmap.mmap(fd, 0, mmap.MAP_PRIVATE, mmap.PROT_READ).close()
        os.close(fd)
EOF
  local managed looks
  for managed in '' "$WORK/objects/managed"; do
    strace -f -o "$WORK/trace" -e trace=readlinkat ${LIB:+-E LD_PRELOAD="$LIB"} \
      -E SEQSHIM_MATCH="$WORK/objects/*" python3 -I "$WORK/map.py" "$WORK/objects" ${managed:+"$managed"}
    looks=$(grep -c 'readlinkat.*/proc/self/fd' "$WORK/trace") || true
    ((looks <= 3)) || fail "$looks looks at names for 3000 mappings of 1500 files"
  done
}

# A program whose threads have ended has one again, and its small files are the kernel's.
test_small_files_after_threads() {
  need "${CC:-cc}"
  "${CC:-cc}" -O1 -Wall -Wextra -pthread -o "$WORK/join_and_write" "$here/join_and_write.c"
  mkdir "$WORK/files"
  strace -f -o "$WORK/trace" ${LIB:+-E LD_PRELOAD="$LIB"} -E SEQSHIM_MATCH="$WORK/files/*" \
    "$WORK/join_and_write" 1000 "$WORK/files"
  [ "$(cat "$WORK"/files/*.out)" = "$(printf 'hello%.0s' {1..1000})" ] || fail "it isn't what was written"
  local calls
  calls=$(awk '/openat.*O_EXCL/ {begun = 1} begun' "$WORK/trace" | wc -l)
  ((calls <= 3100)) || { tail -n 40 "$WORK/trace" >&2; fail "$calls system calls for 1000 files"; }
}

# calls_of COMMAND...: prints how many system calls it makes.
calls_of() {
  rm -rf "$WORK/copies"
  strace -f -o "$WORK/trace" "$@"
  grep -c '^[0-9]* *[a-z0-9_]*(' "$WORK/trace"
}
# A small file that is copied inside the kernel is looked at once, and its position at the end.
test_small_copies() {
  local i plain ours
  mkdir "$WORK/originals"
  for i in {1..500}; do head -c $((i * 100)) /dev/zero >"$WORK/originals/$i"; done
  plain=$(calls_of cp -r "$WORK/originals" "$WORK/copies")
  ours=$(calls_of env ${LIB:+LD_PRELOAD="$LIB"} SEQSHIM_MATCH="$WORK/copies/*" \
    cp -r "$WORK/originals" "$WORK/copies")
  diff -r "$WORK/originals" "$WORK/copies" || fail "other copies"
  ((ours <= plain + 2 * 500 + 150)) || fail "$ours system calls for 500 files, not $plain"
}

# What comes behind it is not taken for small as well.
test_large_after_small_copies() {
  head -c 10000 /dev/urandom >"$WORK/small"
  : >"$WORK/empty"
  cp "$(input)/noise-5M" "$WORK/large"
  mkdir "$WORK/copies"
  local name engine=auto minimum=''
  for name in small empty; do
    traced sh -c "cat '$WORK/$name' '$WORK/large' >'$WORK/a.out'"
    cmp <(cat "$WORK/$name" "$WORK/large") "$WORK/a.out"
    [ -z "$LIB" ] || grep -q 'O_DIRECT[^O]' "$WORK/trace" || fail "cat: a large file behind $name isn't direct"
    traced cp "$WORK/$name" "$WORK/large" "$WORK/copies"
    cmp "$WORK/large" "$WORK/copies/large"
  done
  traced env SEQSHIM_MATCH="$WORK/copies/*" cp "$WORK/empty" "$WORK/large" "$WORK/copies"
  [ -z "$LIB" ] || grep -q 'O_DIRECT[^O]' "$WORK/trace" || fail "cp: a large file behind an empty one isn't direct"
}

[ "${1:-}" = --list ] || need strace perl python3
TESTS_DIR=strace
run_tests "$@"
