#!/usr/bin/env bash
# seqshim in company: beside other preloaded libraries and runtimes, under the programs that start
# others, in chroots, namespaces and sandboxes. The same work plain and with the shim: it must print
# the same and leave the same files.
#
#   run.sh --list                names the tests
#   run.sh BUILD_DIR [TEST...]   runs them, or all; 77: skipped
#
#   run.sh --packages            names the Debian packages that they want
#
# What stands in single quotes is for another shell; job() is called by compare().
# shellcheck disable=SC2016,SC2317
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lib.sh
. "$here/../support/lib.sh"
# shellcheck source=tests/support/side_by_side.sh
. "$here/../support/side_by_side.sh"

# What they want beyond lib.sh's lists; what is missing skips its tests.
COMPANY_PACKAGES=(
  libjemalloc2 libtcmalloc-minimal4 fakeroot eatmydata nocache heaptrack faketime fakechroot
  bubblewrap libcap2-bin strace valgrind bsdutils util-linux
)

# What a test may set:
#   company=(COMMAND...)  starts the work; it may add libraries to LD_PRELOAD
#   others=LIBRARIES      preloaded in all runs
#   orders=(...)          how ours is preloaded: before or after the others; outside, so that the
#                         company finds it in the environment; or prefixed or appended to what the
#                         company left there; or in a way of the job's own
#   job()                 calls `start COMMAND...`, in an empty directory of which each file matches
#   seen                  what the report must show: direct or cached bytes, the reason why files were
#                         handed back instead, or nothing
company=() others='' orders=(outside) seen=direct
usual_job() { start sh "$here/support/usual.sh" "$input" "$writer"; }
job() { usual_job; }

# start COMMAND...: in the company of this run, with the shim where $order says.
start() {
  local inside=()
  case $order in
    none) inside=(${others:+env LD_PRELOAD="$others"}) ;;
    outside) local LD_PRELOAD=$LIB; export LD_PRELOAD ;;
    before) inside=(env LD_PRELOAD="$LIB:$others") ;;
    after) inside=(env LD_PRELOAD="$others:$LIB") ;;
    prefixed) inside=(sh -c 'export LD_PRELOAD="$0${LD_PRELOAD:+:$LD_PRELOAD}"; exec "$@"' "$LIB") ;;
    appended) inside=(sh -c 'export LD_PRELOAD="${LD_PRELOAD:+$LD_PRELOAD:}$0"; exec "$@"' "$LIB") ;;
  esac
  env "${settings[@]}" timeout -k 5 "${limit:-120}" "${company[@]}" "${inside[@]}" "$@"
}

do_work() { local order=$1; job; }

# was_managed NAME: prints what it isn't.
was_managed() {
  local found=nothing report=$WORK/$1.json
  if grep -q '"bytes_direct": *[1-9]' "$report"; then
    found=direct
  elif grep -q '"bytes_written": *[1-9]' "$report"; then
    found=cached
  elif grep -q "\"hand_backs\":{[^}]*\"$seen\": *[1-9]" "$report"; then
    found=$seen
  fi
  [ "$found" = "$seen" ] || { note "the report shows $found, not $seen"; return 1; }
}

# compare [CODE]: the job plain, which must end with this code (0), and with the shim in each order.
compare() { side_by_side "${1:-0}" 64K "${orders[@]}"; }

# prepare: what the usual job needs: $input and $writer.
prepare() {
  need "${CC:-cc}" perl
  bash "$here/../support/inputs.sh" "$SCRATCH"
  input=$SCRATCH/input
  writer=$WORK/writer
  compile "$writer" "$here/support/writer.c" "$@"
}

usual() {
  company=("$@")
  prepare
  compare
}

# --- Other preloaded libraries.

# beside NAME...: the first of these libraries that the dynamic linker or the file system knows.
beside() {
  local name path=''
  for name; do
    path=$(PATH=$PATH:/sbin ldconfig -p | sed -n "s|.*$name.* => ||p" | head -n 1)
    [ -z "$path" ] && [ -e "$name" ] && path=$name
    [ -z "$path" ] || break
  done
  [ -n "$path" ] || skip "there is no $1 here"
  others=$path
  orders=(before after)
  usual
}

test_jemalloc() { beside libjemalloc; }
test_tcmalloc() { beside libtcmalloc.so libtcmalloc_minimal.so; }
test_tcmalloc_debug() { beside libtcmalloc_minimal_debug.so; }
test_libeatmydata() { beside libeatmydata.so; }
test_libnocache() { beside /usr/lib/nocache/nocache.so; }

# All that is here at once.
test_crowd() {
  local name path crowd=''
  need fakeroot
  for name in libeatmydata.so libjemalloc libtcmalloc; do
    path=$(PATH=$PATH:/sbin ldconfig -p | sed -n "s|.*$name.* => ||p" | head -n 1)
    crowd=$crowd${path:+${crowd:+:}$path}
  done
  [ -n "$crowd" ] || skip "nobody else is here"
  orders=(prefixed appended)
  usual env LD_PRELOAD="$crowd" fakeroot
}

# --- Ways to load it.

test_preloaded_twice() {
  others=$LIB
  orders=(before after)
  prepare
  # Not in the plain run.
  job() { if [ "$order" = none ]; then others='' usual_job; else usual_job; fi; }
  compare
}
test_linked() {
  prepare
  [ -n "$LIB" ] || skip "no library"
  compile "$WORK/linked" "$here/support/writer.c" -Wl,--no-as-needed "$LIB" -Wl,-rpath,"${LIB%/*}"
  orders=(linked outside)
  job() { if [ "$order" = none ]; then start "$writer"; else start "$WORK/linked"; fi; }
  compare
}
# Too late to be asked for anything: it must only stay out of the way.
test_opened_late() {
  prepare
  [ -n "$LIB" ] || skip "no library"
  compile "$WORK/late" "$here/support/writer.c" "-DOPENED_LATE=\"$LIB\"" -ldl
  orders=(opened) seen=nothing
  job() { if [ "$order" = none ]; then start "$writer"; else start "$WORK/late"; fi; }
  compare
  seen=direct orders=(outside)
  rm -rf "$WORK"/plain*
  compare
}
test_by_the_dynamic_linker() {
  need readelf
  prepare
  local linker
  linker=$(readelf -lW "$writer" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
  "$linker" --help | grep -q -e --preload || skip "this dynamic linker has no --preload"
  orders=(argument)
  job() { if [ "$order" = none ]; then start "$linker" "$writer"; else start "$linker" --preload "$LIB" "$writer"; fi; }
  compare
}
test_linker_settings() {
  usual env LD_BIND_NOW=1 GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=0 \
    MALLOC_PERTURB_=165 MALLOC_ARENA_MAX=1
}
test_debugger() {
  need gdb
  prepare
  limit=240
  company=(gdb -q -batch -nx -iex 'set debuginfod enabled off' -ex 'set follow-fork-mode parent' -ex run --args)
  job() { start "$writer" 2>/dev/null | sed -n -e '/^[a-z ]*:/p' -e 's/.*\(exited normally\).*/\1/p'; }
  compare
}

test_nocache() {
  need nocache
  orders=(outside prefixed)
  usual nocache
}
test_eatmydata() {
  need eatmydata
  orders=(outside prefixed appended)
  usual eatmydata
}

# What fakeroot pretends about a file must survive, and be what tar puts into the archive.
test_fakeroot() {
  need fakeroot
  orders=(outside prefixed appended)
  company=(fakeroot)
  prepare
  job() {
    start sh -euc 'sh "$1/support/usual.sh" "$2" "$3"
      chown 12:34 dd && chmod 4711 group && mknod node c 1 3 && touch -d 2020-02-02 dd group node
      tar cf faked dd group node
      stat -c "%n %u:%g %a %F" dd group node copy' work "$here" "$input" "$writer"
  }
  compare
}

test_faketime() {
  need faketime
  orders=(outside prefixed appended)
  company=(faketime -f '2020-12-24 12:00:00')
  prepare
  job() {
    start sh -euc 'sh "$1/support/usual.sh" "$2" "$3"
      date; touch -d 2021-01-01 group; stat -c "%n %y" group' \
      work "$here" "$input" "$writer"
  }
  compare
}

test_fakechroot() {
  need fakechroot
  orders=(outside prefixed appended)
  company=(fakechroot)
  prepare
  job() {
    make_root "$PWD/root" sh dd cat ls
    cp "$input/noise" root/tmp
    start sh -euc 'sh "$1/support/usual.sh" "$2" "$3"
      chroot root /bin/sh -euc "cd /tmp; dd if=/tmp/noise of=/tmp/dd bs=777 status=none
        { cat noise; dd if=noise bs=999 status=none; } >group; ls"' work "$here" "$input" "$writer"
  }
  compare
}

test_stdbuf() {
  need stdbuf
  orders=(outside prefixed appended)
  usual stdbuf -oL -e0
}

test_heaptrack() {
  need heaptrack
  heaptrack --help | grep -e --raw >/dev/null || skip "this heaptrack wants to interpret"
  limit=240
  orders=(outside prefixed appended)
  company=(heaptrack -r -o "$WORK/heap")
  prepare
  # It counts, and names the process.
  job() { start "$writer" | grep -v -i heaptrack | sed '/^$/d'; }
  compare
}

# --- Sanitizers in the program.

# sanitized NAME: the program is built with it, its runtime comes first or not.
sanitized() {
  local runtime
  prepare "-fsanitize=$1" || skip "there is no $1 sanitizer here"
  runtime=$("${CC:-cc}" -print-file-name="$2")
  [ -e "$runtime" ] || skip "there is no $2 here"
  job() { start "$writer"; }
  export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
  orders=(outside)
  compare
  rm -rf "$WORK"/plain*
  others=$runtime
  orders=(before after)
  compare
}

test_address_sanitizer() { sanitized address libasan.so; }
# It watches our memcpy(), which it replaces, but not our locks, for which we would have to be built
# with it (as the unit tests are): it has to be told.
test_thread_sanitizer() {
  echo 'called_from_lib:libseqshim.so' >"$WORK/suppressions"
  export TSAN_OPTIONS="suppressions=$WORK/suppressions"
  sanitized thread libtsan.so
}
test_undefined_sanitizer() { sanitized undefined libubsan.so; }
test_leak_sanitizer() {
  prepare -fsanitize=address
  job() { start "$writer"; }
  others=$("${CC:-cc}" -print-file-name=libasan.so)
  orders=(after)
  compare
}

test_valgrind() {
  [ -n "${SEQSHIM_LONG:-}" ] || skip "a minute: run.sh --long does it"
  need valgrind
  prepare
  limit=300
  company=(valgrind -q --error-exitcode=99)
  # It warns of system calls that are younger than itself.
  job() {
    local code=0
    start "$writer" 2>"$WORK/valgrind.log" || code=$?
    sed '/^--[0-9]*--/d' "$WORK/valgrind.log" >&2
    return "$code"
  }
  compare
}

# --- Programs that start programs.

test_timeout() { usual timeout -k 5 100; }
test_timeout_foreground() { usual timeout --foreground 100; }
test_nohup() { usual nohup; }
test_nice() { usual nice -n 5; }
test_setsid() { usual setsid -w; }
test_ionice() { need ionice; usual ionice -c 2 -n 7; }
test_taskset() { need taskset; usual taskset -c 0; }
test_prlimit() { need prlimit; usual prlimit --nofile=600 --core=0; }
# Our descriptors are above those that programs use.
test_few_descriptors() {
  need prlimit
  seen=descriptors
  usual prlimit --nofile=64
}
test_setarch() { need setarch; usual setarch -R; }

# The lock file is a managed one, and held meanwhile.
test_flock() { need flock; usual flock lock; }
# Not the mount namespace: entering one leads to its root directory.
test_nsenter() {
  need nsenter
  local namespaces=(--pid --net --uts --ipc --no-fork)
  nsenter -t $$ "${namespaces[@]}" true 2>/dev/null || skip "nsenter may not work here"
  usual nsenter -t $$ "${namespaces[@]}"
}
test_make() {
  need make
  prepare
  printf 'all: one two three\none two three:\n\t@{ dd if=%s bs=777 status=none; echo $@; } >$@\n' \
    "$input/noise" >"$WORK/makefile"
  job() { start make -j 3 -f "$WORK/makefile"; }
  compare
}

test_interrupted_shell() {
  prepare
  company=(timeout -s INT 60)
  job() { start sh -c 'dd if="$0/noise" of=dd bs=777 status=none; kill -INT $$; echo not reached' "$input"; }
  compare 130
}

test_script() {
  need script
  prepare
  job() {
    start script -qec "sh '$here/support/usual.sh' '$input' '$writer'" typescript
    # The date.
    sed -i '/^Script /d' typescript
  }
  compare
}

test_strace() {
  need strace
  usual strace -f -o "$WORK/trace"
}
test_strace_stops() {
  need strace
  usual strace -f --seccomp-bpf -e trace=write,pwrite64,close -o "$WORK/trace"
}

test_xargs_parallel() {
  prepare
  job() { seq 8 | start xargs -P 4 -I{} dd if="$input/noise" of=file-{} bs=1777 status=none; }
  compare
}
test_parallel_shells() {
  prepare
  job() {
    start sh -c 'for i in 1 2 3 4; do
      sh -c "mkdir $i && cd $i && sh \"\$0/support/usual.sh\" \"\$1\" \"\$2\"" "$0" "$1" "$2" >log.$i &
    done; wait; cat log.*' "$here" "$input" "$writer"
  }
  compare
}
# Children that have lost the preload write to what a managed shell opened.
test_empty_environment() {
  prepare
  job() {
    start sh -euc '{
      dd if="$0/noise" bs=777 count=1000 status=none
      env -i PATH="$PATH" dd if="$0/noise" bs=999 count=1000 status=none
      dd if="$0/noise" bs=1111 count=1000 status=none
      env -i PATH="$PATH" sh -c "tail -n 100 $0/text; dd if=$0/noise bs=333 count=300 status=none"
      dd if="$0/noise" bs=10240 count=100 status=none
    } >mixed' "$input"
  }
  compare
}
# Only programs that are started within have lost it: nothing is cached.
test_nothing_but_empty_environment() {
  prepare
  seen=nothing
  company=(env -i PATH="$PATH")
  compare
}

# --- Namespaces and chroots.

# need_namespace OPTION...
need_namespace() {
  need unshare
  unshare "$@" true 2>/dev/null || skip "no unshare $* here"
}
namespace() {
  need_namespace "$@"
  usual unshare "$@"
}
test_user_namespace() { namespace -r; }
test_mapped_user_namespace() { namespace -U --map-user=1000 --map-group=1000; }
test_mount_namespace() { namespace -m; }
test_process_namespace() { namespace -p --fork; }
test_process_namespace_with_proc() { namespace -p --fork --mount-proc; }
test_all_namespaces() { namespace -r -m -p -i -u -n --fork --mount-proc; }

# Without /proc a descriptor has no name that could match.
test_no_proc() {
  need_namespace -m
  seen=nothing
  usual unshare -m sh -euc 'umount -l /proc && exec "$0" "$@"'
}
# Another kind of file system where /proc should be.
test_empty_proc() {
  need_namespace -m
  seen=nothing
  usual unshare -m sh -euc 'mount -t tmpfs none /proc && exec "$0" "$@"'
}
test_read_only_root() {
  need_namespace -m
  usual unshare -m sh -euc 'mount --bind "${PWD%/*}" "${PWD%/*}"
    mount -o remount,bind,ro / && cd "$PWD" && exec "$0" "$@"'
}

test_bubblewrap() {
  need bwrap
  bwrap --dev-bind / / true 2>/dev/null || skip "bwrap may not work here"
  usual bwrap --dev-bind / / --unshare-all --proc /proc --die-with-parent
}

# make_root DIR COMMAND...: these programs and the libraries they want, and ours, below DIR.
make_root() {
  local root=$1 program path
  shift
  mkdir -p "$root/bin" "$root/tmp" "$root/proc" "$root/dev"
  for program in "$@" ${LIB:+"$LIB"}; do
    path=$(command -v "$program")
    [ "$program" = "$LIB" ] || cp -L "$path" "$root/bin/"
    ldd "$path" | grep -o '/[^ ]*' | while read -r path; do
      mkdir -p "$root${path%/*}"
      cp -Ln "$path" "$root$path"
    done
  done
  [ -z "$LIB" ] || { mkdir -p "$root${LIB%/*}" && cp "$LIB" "$root$LIB"; }
}

# in_root SETUP: the usual job in a chroot, after SETUP in a mount namespace of its own.
in_root() {
  need chroot
  need_namespace -m
  [ "$(id -u)" = 0 ] || skip "only root may chroot"
  prepare
  make_root "$WORK/root" sh env dd tar gzip head cp sort find cat wc mkdir "$writer"
  mkdir -p "$WORK/root/input" "$WORK/root/out"
  cp -a "$input"/{noise,text,small-text,tree} "$WORK/root/input/"
  cp "$here/support/usual.sh" "$WORK/root/"
  company=(unshare -m sh -euc "$1"'; root=$0; out=$PWD; mount --bind "$PWD" "$root/out"
    exec chroot "$root" env PATH=/bin SEQSHIM_MATCH="/out/*" SEQSHIM_REPORT=/report.json "$@"' "$WORK/root")
  job() {
    local code=0
    : >"$WORK/root/report.json"
    start sh -euc 'cd /out && exec sh /usual.sh /input "/bin/$0"' "${writer##*/}" || code=$?
    local setting
    for setting in "${settings[@]}"; do
      case $setting in SEQSHIM_REPORT=*) cp "$WORK/root/report.json" "${setting#*=}" ;; esac
    done
    return "$code"
  }
  orders=(outside prefixed)
  compare
}
test_chroot() {
  seen=nothing
  in_root :
}
test_chroot_with_proc() { in_root 'mount -t proc none "$0/proc"'; }

# --- Rights taken away.

test_no_new_privileges() { need setpriv; usual setpriv --no-new-privs; }
test_capabilities_dropped() {
  need capsh
  capsh --no-new-privs -- -c true >/dev/null 2>&1 || skip "this capsh doesn't know of new privileges"
  usual capsh --no-new-privs --drop=all -- -c 'exec "$0" "$@"'
}
# as_nobody COMMAND...
as_nobody() {
  [ "$(id -u)" = 0 ] || skip "only root may become another user"
  "$@" test -r "$here/run.sh" -a -r "$BUILD/libseqshim.so" || skip "nobody can't read $here or $BUILD"
  usual "$@"
}
test_another_user() { need setpriv; as_nobody setpriv --reuid 65534 --regid 65534 --clear-groups; }
test_runuser() { need runuser; as_nobody runuser -u nobody --; }

# denied ERROR CALL...: the usual job under a filter that refuses these system calls, or kills for
# them. Those that are newer than the headers are given by number.
denied() {
  local error=$1 numbers=() name number
  shift
  for name; do
    case $name in
      [0-9]*) number=$name ;;
      *) number=$(printf '#include <sys/syscall.h>\nSYS_%s\n' "$name" | "${CC:-cc}" -E -P - | tail -n 1) ;;
    esac
    [[ $number =~ ^[0-9]+$ ]] || continue
    numbers+=("$number")
  done
  prepare
  compile "$WORK/deny" "$here/support/deny.c"
  company=("$WORK/deny" "$error" "${numbers[@]}" --)
  compare
}
ENOSYS=38 EPERM=1 KILL=0 CACHESTAT=451
test_old_kernel() {
  denied $ENOSYS statx openat2 copy_file_range clone3 io_uring_setup close_range preadv2 pwritev2 \
    $CACHESTAT faccessat2
}
test_container() {
  denied $EPERM io_uring_setup io_uring_enter io_uring_register unshare setns mount bpf \
    perf_event_open kcmp userfaultfd name_to_handle_at open_by_handle_at
}
# What systemd's SystemCallFilter=@system-service leaves out.
test_confined_service() {
  denied $KILL $CACHESTAT mincore quotactl quotactl_fd ptrace seccomp mount unshare setns chroot bpf \
    perf_event_open userfaultfd open_by_handle_at
}
test_no_memfd() {
  denied $EPERM memfd_create
}
test_no_statx() { denied $EPERM statx; }
test_no_advice() { denied $EPERM fadvise64 sync_file_range fallocate; }
test_no_madvise() {
  seen=nothing
  denied $EPERM madvise
}
test_no_raw_priorities() { denied $EPERM ioprio_set sched_setscheduler prctl membarrier rseq; }

# --- The guard: a process more, of which a program and who waits for it notice nothing.

# guarded WAY: what a program sees in this way.
guarded() {
  local seeing=$1
  prepare_guarded
  job() { start "$WORK/guarded" "$seeing"; }
  compare
}
prepare_guarded() {
  need "${CC:-cc}"
  compile "$WORK/guarded" "$here/support/guarded.c"
}

test_guard_children() { guarded children; }
test_guard_clones() { guarded clones; }
test_guard_usage() { guarded usage; }
test_guard_relations() { guarded relations; }
test_guard_signals_to_the_group() { guarded group; }
test_guard_descriptors() { guarded descriptors; }
test_guard_pipes() { guarded pipes; }
test_guard_locks() { guarded locks; }
test_guard_programs_just_written() { guarded programs; }
test_guard_namespaces() {
  [ "$(id -u)" = 0 ] || skip "only root may enter namespaces"
  need_namespace -r
  guarded namespaces
}
test_guard_names() { need pidof pgrep; guarded names; }
test_guard_terminal() {
  need script
  prepare_guarded
  job() {
    start script -qec "$WORK/guarded relations" typescript
    sed -i '/^Script /d' typescript
  }
  compare
}

# A child that lives on with the descriptors of a parent that was killed.
test_guard_of_a_shared_table() {
  need pgrep
  guarded tables
}

# A guard that its owner can't reach any more goes when there is another.
test_guard_out_of_sight() {
  need pgrep
  guarded sight
}

# The /proc of an outer namespace, in which the writer's number is somebody else's.
test_guard_under_a_foreign_proc() {
  [ "$(id -u)" = 0 ] || skip "only root may choose the number of a process"
  need_namespace -p --fork
  company=(env SEQSHIM_IDLE_MS=20 unshare -p --fork sh -euc
    'echo $(($0 - 1)) >/proc/sys/kernel/ns_last_pid; "$@" & wait $!' $$)
  guarded rest
}

# The number of a killed writer is another process's before its guard has seen the end. Process
# descriptors don't tell them apart before Linux 6.9.
test_guard_of_one_with_a_successor() {
  need pgrep
  [ "$(id -u)" = 0 ] || skip "only root may choose the number of a process"
  [ "$(uname -r | cut -d. -f1)" -ge 7 ] || [[ $(uname -r) =~ ^6\.(9|[1-9][0-9])\. ]] ||
    skip "an older kernel"
  need_namespace -p --fork --mount-proc
  limit=30
  company=(env SEQSHIM_IDLE_MS=0 unshare -p --fork --mount-proc)
  seen=nothing
  guarded succession
}

# Nothing keeps a file system busy once a program has ended, or has become another one.
test_guard_unmount() {
  need_namespace -m
  need mkfs.ext4 losetup
  [ "$(id -u)" = 0 ] || skip "only root may mount"
  prepare_guarded
  truncate -s 64M "$WORK/image"
  mkfs.ext4 -q "$WORK/image"
  company=(unshare -m sh -euc 'mkdir "$PWD/mounted" && exec "$0" "$@"')
  job() {
    start sh -euc 'for i in 1 2 3 4 5 6 7 8 9 10; do
        mount -o loop "$1" mounted
        cd mounted
        "$0" children >/dev/null
        dd if=/dev/zero of=dd bs=777 count=1000 status=none
        cd ..
        umount mounted
        mount -o loop "$1" mounted
        "$0" exec mounted/file umount mounted
      done' "$WORK/guarded" "$WORK/image"
  }
  compare
}

# Where no process more may be started the program runs on, and the report says what is missing.
test_guard_that_cannot_start() {
  need setpriv prlimit
  prepare
  company=(setpriv --reuid 64999 --regid 64999 --clear-groups prlimit --nproc=1:1)
  [ "$(id -u)" = 0 ] || skip "only root may become another user"
  "${company[@]}" test -r "$here/run.sh" -a -r "$BUILD/libseqshim.so" || skip "others can't read $here or $BUILD"
  job() {
    start dd if="$input/noise" of=dd bs=777 status=none
    [ "$order" = none ] || grep -q '"guard": *"absent"' "$WORK"/outside*.json
  }
  compare
}

need_command() {
  if [ -z "$LIB" ] || [ ! -x "$BUILD/seqshim" ]; then skip "there is no command here"; fi
}

# What it does after a kill is told in the log, as of the process that is gone, wherever that had
# gone before.
test_guard_tells_the_log() {
  need_command
  need bash mkfifo
  mkdir "$WORK/out"
  cd "$WORK"
  mkfifo there back
  SEQSHIM_DIRECT_MIN=0 "$BUILD/seqshim" -m "$WORK/out/*" --idle 0 --log log -- bash -c '
    echo $$ >writer
    cd /
    exec >"$0/out/file"
    for ((i = 0; i < 1000; ++i)); do printf "%0100d" "$i"; done
    : 3>"$0/there"  # what is done to 1 or by another process would be a reason to write
    read -r <"$0/back"' "$WORK" &
  local command=$! code=0
  : <there
  kill -KILL "$(cat writer)"
  wait "$command" || code=$?
  [ "$code" = 137 ] || fail "ended with $code"
  [ "$(stat -c %s out/file)" = 100000 ] || fail "bytes are lost"
  grep -qx "[-0-9]*T[:.0-9]*Z $(cat writer) recovered $WORK/out/file bytes 100000, clusters 1" log ||
    fail "the log: $(cat log)"
  [ "$(wc -l <log)" = 1 ] || fail "the log has more: $(cat log)"
  [ "$(stat -c %a log)" = 600 ] || fail "the log is for others, too"
}
# After an end of its own will there is nothing to tell.
test_guard_tells_no_log() {
  need_command
  mkdir "$WORK/out"
  "$BUILD/seqshim" -m "$WORK/out/*" --idle 0 --log "$WORK/log" -- \
    dd if=/dev/zero of="$WORK/out/file" bs=777 count=1000 status=none
  [ ! -e "$WORK/log" ] || fail "the log: $(cat "$WORK/log")"
}

TESTS_DIR=company
if [ "${1:-}" = --packages ]; then
  printf '%s\n' "${COMPANY_PACKAGES[@]}"
else
  run_tests "$@"
fi
