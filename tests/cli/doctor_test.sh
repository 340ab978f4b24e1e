#!/bin/bash
# seqshim doctor, end to end. Usage: doctor_test.sh BUILD_DIR. Silent success; else each failed check
# by name. What needs root, or a file system that can't be mounted here, is left out.
set -u
if [ "$(id -u)" = 0 ] && [ -z "${DOCTOR_NAMESPACE:-}" ] && unshare -m true 2>/dev/null; then
  # What is mounted goes with it.
  DOCTOR_NAMESPACE=own exec unshare -m bash "$0" "$1"
fi
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh" "$1"
mkdir trial
doctor_dir=$work/trial # where nothing is to be left
export PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C

# says NAME MARK SUBJECT WORDS: the last run has such a line; what was wrapped is joined first.
says() {
  local lines
  lines=$(sed -e ':a;N;$!ba;s/\n  *\([^ -]\)/ \1/g' <<<"$out")
  grep -q "^$2  *$3  .*$4" <<<"$lines" || fail "$1: no $2 line of $3 with '$4' in '$out' (stderr: $err)"
}

# verdict NAME WORDS: they are in the last line.
verdict() { [[ $(tail -n 1 <<<"$out") == *"$2"* ]] || fail "$1: the verdict lacks '$2': '$out' '$err'"; }

# is_json NAME PYTHON_EXPRESSION: of the last run's output, as `d`.
is_json() {
  command -v python3 >/dev/null || return 0
  python3 -c 'import json, sys; d = json.loads(sys.argv[1]); sys.exit(not eval(sys.argv[2]))' \
    "$out" "$2" || fail "$1: not so: $2: '$out'"
}

# without_trace NAME DIRECTORY: nothing was left there.
without_trace() { [ -z "$(ls -A "$2")" ] || fail "$1: left in $2: $(ls -A "$2")"; }

wrong_usage() {
  run doctor
  refused "nothing" 2 "no PATH"
  run doctor a b
  refused "two paths" 2 "more than one PATH"
  run doctor --bogus /tmp
  refused "unknown option" 2 "--bogus"
  run doctor /tmp --bogus
  refused "unknown option behind" 2 "--bogus"
  run doctor --
  refused "no command" 2 "no command"
  run doctor /tmp -- tar
  refused "both" 2 "either"
  run doctor -m x -- tar
  refused "a pattern for a command" 2 "-m"
  run doctor -m
  refused "-m without a pattern" 2 "-m"
  SEQSHIM_CLUSTER=3M run doctor /tmp
  refused "a bad variable" 2 "SEQSHIM_CLUSTER=3M"
  run doctor --help
  check help 0
  [ "$(wc -l <<<"$out")" -le 40 ] || fail "help: $(wc -l <<<"$out") lines"
  ! grep -qE '.{101}' <<<"$out" || fail "help: wider than 100 columns"
}

unwritable_output() {
  "$seqshim" doctor -- true >&- 2>err && code=0 || code=$?
  out='' err=$(<err)
  refused "closed" 125 "standard output"
  [ -e /dev/full ] || return
  "$seqshim" doctor /tmp >/dev/full 2>err && code=0 || code=$?
  err=$(<err)
  refused "full" 125 "No space left"
  "$seqshim" doctor /tmp </dev/null >out 2>&-
  grep -q . out || fail "nothing is said with standard error closed"
}

on_disk() {
  run doctor "$doctor_dir"
  # The build's own file system may be anything.
  case $(stat -f -c %T "$doctor_dir") in ext2/ext3 | xfs) ;; *) return ;; esac
  check "a disk" 0
  says "a disk" ok O_DIRECT "yes: 1 MiB written direct, and 0 of its 256 pages are cached"
  says "a disk" ok library "$build/libseqshim.so: it can be loaded"
  says "a disk" ok stdio "found and tried"
  verdict "a disk" "A file in $doctor_dir would be written direct, in pieces of 1 MiB aligned to 4096."
  without_trace "a disk" "$doctor_dir"
  ! head -n -1 <<<"$out" | grep -qE '.{101}' || fail "a disk: lines wider than 100 columns: '$out'"
  [[ $out != *$'\033'* ]] || fail "a disk: colours without a terminal"
  SEQSHIM_CLUSTER=64K run doctor --json "$doctor_dir"
  check "json" 0
  is_json "json" 'd["rung"] == "direct" and d["piece"] == 65536 and d["exit_code"] == 0'
  is_json "json" 'len(d["findings"]) > 15 and all(f["mark"] in ("ok", "note", "problem") for f in d["findings"])'
  (ulimit -f 100 && "$seqshim" doctor "$doctor_dir" >out 2>err)
  code=$? out=$(<out) err=$(<err)
  check "a limit on file sizes" 1
  verdict "a limit on file sizes" "ulimit -f"
  (ulimit -n 300 && "$seqshim" doctor "$doctor_dir" >out 2>err)
  code=$? out=$(<out) err=$(<err)
  check "few descriptors" 1
  verdict "few descriptors" "ulimit -n"
  SEQSHIM_MEMORY=1000G run doctor "$doctor_dir"
  case $code in 0 | 1) ;; *) fail "much memory: exit code $code '$err'" ;; esac
}

patterns() {
  local file=$doctor_dir/day.tar
  run doctor -m '*.tar' -m '!night*' "$file"
  says "a match" ok pattern "'\*.tar' matches $file"
  run doctor -m '*.zip' "$file"
  check "no match" 1
  verdict "no match" "no pattern matches it"
  run doctor "$doctor_dir/night.tar" -m '*.tar' -m '!night*'
  check "excluded" 1
  says "excluded" problem pattern "'!night\*' excludes"
  SEQSHIM_MATCH='/nowhere/*' run doctor "$file"
  verdict "the environment's" "no pattern matches it"
  run doctor -m "$doctor_dir/*" "$doctor_dir"
  says "a directory" ok pattern "matches any file there"
  run doctor -m '*.tar' "$doctor_dir"
  says "a directory, by name" note pattern "depends on the file's name"
}

other_paths() {
  run doctor "$work/no/such/file"
  check "no directory" 1
  verdict "no directory" "can't be reached"
  run doctor ''
  check "an empty path" 1
  run doctor ls
  says "a command's name" note path "no such file yet"
  [[ $out == *"seqshim doctor -- ls"* ]] || fail "a command's name: '$out'"
  mkfifo fifo
  run doctor fifo
  check "a FIFO" 1
  verdict "a FIFO" "it is a FIFO"
  run doctor /dev/null
  verdict "a device" "it is a character device"
  run doctor /proc
  check "/proc" 1
  verdict "/proc" "stores nothing"
  run doctor "$(printf 'a\nb\377')/x"
  check "strange bytes" 1
  [ "$(wc -l <<<"$out")" = 3 ] || fail "strange bytes: '$out'"
  run doctor --json "$(printf 'a\nb\377')/x"
  is_json "strange bytes" 'd["exit_code"] == 1'
  echo text >"$doctor_dir/file"
  touch -d @1000000000 "$doctor_dir/file"
  run doctor "$doctor_dir/file"
  [ "$(stat -c '%s %Y' "$doctor_dir/file")" = "5 1000000000" ] || fail "a file was changed"
  says "a file" ok path "a file of 5 bytes"
  rm "$doctor_dir/file"
}

as_nobody() {
  [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || return
  local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  chmod 755 "$work" # for nobody, who must find the way there
  "${nobody[@]}" test -x "$seqshim" || return
  out=$("${nobody[@]}" "$seqshim" doctor "$doctor_dir" 2>"$work/err") && code=0 || code=$?
  err=$(<"$work/err")
  check "a directory of others" 1
  says "a directory of others" problem directory "Permission denied"
  says "a directory of others" note O_DIRECT "not tried"
  verdict "a directory of others" "no file can be made there"
  touch "$doctor_dir/file" && chmod 666 "$doctor_dir/file"
  out=$("${nobody[@]}" "$seqshim" doctor "$doctor_dir/file" 2>"$work/err") && code=0 || code=$?
  verdict "a file in a directory of others" "could not be tried"
  chmod 644 "$doctor_dir/file"
  out=$("${nobody[@]}" "$seqshim" doctor "$doctor_dir/file" 2>"$work/err") && code=0 || code=$?
  verdict "a file of others" "you may not"
  rm "$doctor_dir/file"
}

# A server of ours, over a directory on the disk.
fuse() {
  local place=$work/fused
  [ -e /dev/fuse ] && [ -x "$build/tests/faulty_fs" ] || return
  mkdir -p "$place" below && : >faults
  local options
  for options in "" --refuse-direct --odd-buffers; do
    # shellcheck disable=SC2086
    "$build/tests/faulty_fs" "$work/below" "$work/faults" "$place" $options 2>/dev/null || return
    run doctor "$place"
    says "FUSE $options" note "file system" "fuse"
    without_trace "FUSE $options" "$place"
    case $options in
      "") verdict "FUSE" "would be written direct" ;;
      --refuse-direct) says "FUSE $options" note O_DIRECT "refused: Invalid argument" ;;
      *) says "FUSE $options" note O_DIRECT "its first write was refused" ;;
    esac
    umount "$place"
  done
}

# mounted TYPE OPTIONS SOURCE: on $place, emptied before.
mounted() {
  umount "$place" 2>/dev/null
  mount -t "$1" -o "$2" "$3" "$place" 2>/dev/null
}

file_systems() {
  local place=$work/mounted image=$work/image
  mkdir -p "$place"
  if mounted tmpfs size=64m none; then
    run doctor "$place"
    check "tmpfs" 1
    says "tmpfs" note "file system" "memory is its storage"
    verdict "tmpfs" "its storage is memory"
    run doctor --json "$place"
    is_json "tmpfs" 'd["rung"] == "" and d["exit_code"] == 1'
  fi
  truncate -s 3G "$image"
  if mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 "$image" 2>/dev/null &&
    mounted ext4 loop "$image"; then
    run doctor "$place"
    check "ext4" 0
    says "ext4" ok "file system" "ext4 on /dev/loop"
    says "ext4" ok space "far from the 1 GiB"
    without_trace "ext4" "$place/lost+found"
    # Less than 1 GiB is left.
    fallocate -l 2G "$place/filler"
    run doctor "$place/new"
    check "a nearly full disk" 0
    says "a nearly full disk" note space "space is reserved"
    # Hardly anything.
    fallocate -l "$(($(stat -f -c '%a * %S' "$place") - (8 << 20)))" "$place/more"
    run doctor "$place"
    check "a full disk" 1
    says "a full disk" note O_DIRECT "too little space"
    rm "$place/more"
    touch "$place/fixed" "$place/growing"
    if chattr +i "$place/fixed" && chattr +a "$place/growing"; then
      run doctor "$place/fixed"
      verdict "an immutable file" "it is immutable"
      run doctor "$place/growing"
      verdict "an append-only file" "it can only be appended to"
      SEQSHIM_APPEND=1 run doctor "$place/growing"
      check "an append-only file of one writer" 0
      chattr -ia "$place/fixed" "$place/growing"
    fi
    mount -o remount,ro "$place"
    run doctor "$place"
    check "read-only" 1
    verdict "read-only" "read-only"
  fi
  if mounted ext4 loop,data=journal "$image"; then
    rm "$place/filler"
    run doctor "$place"
    check "data=journal" 1
    says "data=journal" note mounted "data=journal"
    says "data=journal" note O_DIRECT "page cache"
    verdict "data=journal" "page cache"
  fi
  umount "$place"
}

commands() {
  local name
  for name in sh tar gzip; do
    run doctor -- "$name" --anything
    check "$name" 0
    verdict "$name" "$name is reached"
  done
  says "gzip" ok "system calls" write
  run doctor -- no-such-command
  check "no such command" 127
  [ -z "$err" ] || fail "no such command: '$err'"
  run doctor -- env -i sh
  check "env -i" 126
  verdict "env -i" "LD_PRELOAD"
  run doctor -- env A=b sh
  check "env" 0
  says "env" ok program "env -> "
  printf '#!/bin/sh\n' >script && chmod +x script
  run doctor -- ./script
  check "a script" 0
  says "a script" ok program "./script -> /bin/sh"
  printf '#!/usr/bin/env -S -i sh\n' >script
  run doctor --json -- ./script
  check "a script of env -i" 126
  is_json "a script of env -i" 'd["exit_code"] == 126 and "rung" not in d'
  printf 'not run\n' >ran && printf '#!/bin/sh\nrm ran\n' >script
  run doctor -- ./script
  [ -e ran ] || fail "the command was run"
}

# compiled NAME FLAG...: from stdin; false if that can't be done here.
compiled() {
  local name=$1
  shift
  command -v gcc >/dev/null && gcc -x c -o "$name" - "$@" 2>/dev/null
}

compiled_commands() {
  if compiled static -static <<<'int main(void) { return 0; }'; then
    run doctor -- ./static
    check "static" 126
    verdict "static" "statically linked"
  fi
  mkdir -p libs
  if compiled libs/libown.so -shared -fPIC <<<'#include <unistd.h>
    long own(void) { return write(1, "", 0); } int io_uring_queue_init(void) { return 0; }'; then
    # shellcheck disable=SC2016 # the dynamic linker's
    local link=(-Llibs -lown '-Wl,--no-as-needed,-lown,-rpath,$ORIGIN/libs')
    compiled own "${link[@]}" <<<'long own(void); int main(void) { return own(); }'
    run doctor -- ./own
    says "a library of its own" ok "system calls" "by libown.so"
    compiled ring "${link[@]}" \
      <<<'int io_uring_queue_init(void); int main(void) { return io_uring_queue_init(); }'
    run doctor -- ./ring
    check "io_uring" 0
    says "io_uring" problem io_uring io_uring_queue_init
    verdict "io_uring" "but not what it writes by io_uring"
    rm libs/libown.so
    run doctor -- ./own
    says "a missing library" problem libraries "not found: libown.so"
  fi
}

wrong_usage
unwritable_output
on_disk
patterns
other_paths
as_nobody
if [ -n "${DOCTOR_NAMESPACE:-}" ]; then
  file_systems
  fuse
fi
commands
compiled_commands
[ "$failures" = 0 ]
