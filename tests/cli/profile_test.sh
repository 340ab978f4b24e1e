#!/bin/bash
# seqshim profile, end to end. Usage: profile_test.sh BUILD_DIR. Silent success; else each failed
# check by name.
# shellcheck disable=SC2016 # what stands in single quotes is for the command's shell
set -u
# shellcheck source=tests/cli/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# profile ARGS...: as run, with the profile in profile.json and profile.txt.
profile() {
  rm -f profile.json profile.txt
  run profile --json profile.json -o profile.txt "$@"
}

# says NAME EXPRESSION...: fails by name for each that python doesn't find true of the profile, d. In
# it file(NAME) is the file's object, and functions(STACK) a stack's frames by name.
says() {
  python3 - "$@" <<'PY' >says.out || fail "$(<says.out)"
import json, sys
d = json.load(open("profile.json"))
def file(name):
    found = [f for f in d["files"] if f["path"].endswith("/" + name)]
    assert len(found) == 1, f"{len(found)} files {name}"
    return found[0]
def sizes(f): return {s["from"]: s["count"] for s in f["write_sizes"]}
def functions(stack): return [f.get("function", "") for f in stack["frames"]]
def site(stack): return stack["frames"][stack["site"]]
def holds(expression):
    try:
        return eval(f"({expression})")
    except Exception as error:
        return print(error)
wrong = [f"{name}: not so: {what}" for name, what in zip(sys.argv[1::2], sys.argv[2::2]) if not holds(what)]
print("; ".join(wrong))
sys.exit(len(wrong) > 0)
PY
}

# compile OUTPUT FLAG...: the writer on standard input.
compile() {
  local output=$1
  shift
  cat >"$output.c"
  gcc -O1 -w "$output.c" -o "$output" "$@" || { fail "$output can't be built"; return 1; }
}

counts() {
  compile counts -g <<'C' || return
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
static char block[65536];
int main(void) {
  int in_order = open("in-order", O_RDWR | O_CREAT | O_TRUNC, 0644);
  for (int i = 0; i < 1000; i++) write(in_order, block, 64);
  for (int i = 0; i < 10; i++) writev(in_order, (struct iovec[]){{block, 100}, {block, 200}}, 2);
  syscall(SYS_write, in_order, block, 4096);
  write(in_order, block, 0);
  write(-1, block, 1);
  fsync(in_order);
  fdatasync(in_order);
  int scattered = open("scattered", O_RDWR | O_CREAT | O_TRUNC, 0644);
  pwrite(scattered, block, 4096, 0);
  pwrite(scattered, block, 4096, 8192);
  pwrite(scattered, block, 4096, 4096);
  lseek(scattered, 0, SEEK_SET);
  write(scattered, block, 1);
  ftruncate(scattered, 0);
  lseek(scattered, 0, SEEK_SET);
  write(scattered, block, 512);
  int copy = open("copy", O_RDWR | O_CREAT | O_TRUNC, 0644);
  off64_t from = 0, to = 4096;
  sendfile(copy, in_order, &from, 3000);
  copy_file_range(in_order, &from, copy, &to, 1000, 0);
  int appended = open("appended", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0644);
  write(appended, block, 10);
  pwrite(appended, block, 10, 5);
  FILE* stream = fopen("stream", "w");
  for (int i = 0; i < 2000; i++) fprintf(stream, "%063d\n", i);
  fclose(stream);
  dprintf(appended, "%s", "printed");
  write(fileno(popen("cat >/dev/null", "w")), block, 10);
  return 0;
}
C
  profile --every 1 ./counts
  check counts 0
  says "in order" 'file("in-order")["calls"] == 1012 and file("in-order")["bytes"] == 64000 + 3000 + 4096' \
    "sizes" 'sizes(file("in-order")) == {0: 1, 64: 1000, 256: 10, 4096: 1}' \
    "one run" 'file("in-order")["runs"] == 1 and file("in-order")["longest_run"] == 71096' \
    "syncs" 'file("in-order")["syncs"] == 2 and file("in-order")["sync_ns"] > 0' \
    "alignment" 'file("in-order")["aligned_to_512"]["offsets"] == 126' \
    "gaps" 'sum(g["count"] for g in file("in-order")["gaps_ns"]) == 1011' \
    "scattered" 'file("scattered")["calls"] == 5 and file("scattered")["runs"] == 4' \
    "holes" 'file("scattered")["holes"] == 1 and file("scattered")["hole_bytes"] == 4096' \
    "rewrites" 'file("scattered")["rewrites"] == 2 and file("scattered")["rewritten_bytes"] == 4097' \
    "seeks" 'file("scattered")["seeks_back"] == 2 and file("scattered")["seeks_ahead"] == 1' \
    "copies" 'file("copy")["calls"] == 2 and file("copy")["bytes"] == 4000 and file("copy")["hole_bytes"] == 1096' \
    "appended" 'file("appended")["calls"] == 3 and file("appended")["bytes"] == 27 and file("appended")["runs"] == 1' \
    "stream" 'file("stream")["bytes"] == 128000 and file("stream")["calls"] == 32' \
    "a pipe is no file" 'len(d["files"]) == 5' \
    "sites add up" 'abs(sum(s["calls"] for s in d["stacks"]) - sum(f["calls"] for f in d["files"])) < 0.5'
  says "file and line" 'any(site(s).get("file", "").endswith("counts.c") and site(s).get("line") == 11 and
                            round(s["calls"]) == 1000 for s in d["stacks"])'
  says "nothing missed" 'd["processes"][0]["missed_calls"] == 0'
  grep -q 'main+0x.* (counts.c:11) by write' profile.txt || fail "the site isn't in the text: $(<profile.txt)"
}

# The program's numbers, errors and environment are what they are without.
nothing_changes() {
  compile plain <<'C' || return
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void) {
  static char block[4096];
  for (int i = 0; i < 3; i++) {
    int fd = open("plain.out", O_WRONLY | O_CREAT, 0644);
    for (int n = 0; n < 100; n++) write(fd, block, 100);
    errno = 0;
    long results[] = {fd, write(fd, (void*)1, 5), errno, writev(fd, (void*)1, 2), errno, pwrite(fd, block, 5, -1), errno,
                      write(99, block, 5), errno, lseek(fd, 0, SEEK_CUR)};
    for (int n = 0; n < sizeof results / sizeof *results; n++) printf("%ld ", results[n]);
  }
}
C
  local expected
  expected=$(./plain)
  profile --every 1 ./plain
  [ "$out" = "$expected" ] || fail "the program sees '$out', not '$expected'"
  # Numbers as low as they are without.
  expected=$(sh -c 'ls -l /proc/self/fd | wc -l')
  run profile -o /dev/null -- sh -c 'echo x >y; ls -l /proc/self/fd | wc -l'
  [ "$out" = "$expected" ] || fail "other descriptors: '$out', not '$expected'"
}

debug_information_apart() {
  compile apart -g <<'C' || return
#include <fcntl.h>
#include <unistd.h>
__attribute__((noinline)) static int put(int fd) {
  return write(fd, "12345", 5) + 1;
}
int main(void) { return put(open("apart.out", O_WRONLY | O_CREAT, 0644)) != 6; }
C
  mkdir -p .debug
  objcopy --only-keep-debug apart .debug/far.dbg
  strip -s apart
  profile --every 1 ./apart
  says "stripped" 'not site(d["stacks"][0]).get("line")'
  objcopy --add-gnu-debuglink=.debug/far.dbg apart
  profile --every 1 ./apart
  says "by debuglink" 'site(d["stacks"][0])["function"] == "put" and site(d["stacks"][0])["line"] == 4'
}

names() {
  command -v g++ >/dev/null || return
  cat >cxx.cc <<'CXX'
#include <fstream>
namespace batch {
struct Writer {
  std::ofstream out{"cxx.out"};
  __attribute__((noinline)) void record(int n) { out << n << std::endl; }
};
}
int main() {
  batch::Writer writer;
  for (int i = 0; i < 100; ++i) writer.record(i);
}
CXX
  g++ -O1 -g cxx.cc -o cxx || { fail "cxx can't be built"; return; }
  profile --every 1 --folded folded.txt --by calls ./cxx
  says "demangled" 'site(d["stacks"][0])["function"].startswith("batch::Writer::record(int)")'
  grep -q '^cxx;_start;.*;main;batch::Writer::record(int);.*write.* 100$' folded.txt || fail "folded: $(<folded.txt)"
}

# libunwind, which has nothing in common with ours, sees the same way to a write.
paths() {
  [ -e /usr/include/libunwind.h ] || return
  compile paths -lunwind <<'C' || return
#define UNW_LOCAL_ONLY
#include <fcntl.h>
#include <libunwind.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_path(void) {
  unw_context_t context;
  unw_cursor_t cursor;
  char name[64] = "";
  unw_word_t offset;
  unw_getcontext(&context);
  unw_init_local(&cursor, &context);
  while (strcmp(name, "main") != 0 && unw_step(&cursor) > 0 &&
         unw_get_proc_name(&cursor, name, sizeof name, &offset) == 0)
    puts(name);
}

static int compare(const void* a, const void* b) {
  if (a != b) print_path();
  return write(3, "record", 6) != 6;
}

__attribute__((noinline)) static void put(int deep) {
  char pair[2] = {0, 1};
  if (deep > 0)
    put(deep - 1);
  else
    qsort(pair, 2, 1, compare);
  __asm__ volatile("");
}

int main(void) {
  if (dup2(creat("paths.out", 0600), 3) != 3) return 1;
  put(5);
  return 0;
}
C
  local expected
  expected=$(./paths | tac | paste -sd ';')
  [[ $expected == main*compare ]] || fail "libunwind sees '$expected'"
  profile -m 'paths.out' --every 1 --folded folded.txt ./paths
  grep -qF ";$expected;write 6" folded.txt || fail "libunwind sees '$expected', we $(<folded.txt)"
}

killed() {
  compile killed <<'C' || return
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
int main(void) {
  int fd = open("killed.out", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (int i = 0; i < 5000; i++) write(fd, "0123456789", 10);
  kill(getpid(), SIGKILL);
}
C
  run profile --json profile.json ./killed
  check "killed" 137
  says "killed" 'file("killed.out")["calls"] == 5000'
  [[ $err == *"direct"* || $err == *"too little to matter"* ]] || fail "killed: no report: '$err'"
  profile sh -c 'echo a >execed; exec sh -c "echo b >>execed"'
  says "exec" 'file("execed")["calls"] == 2 and file("execed")["processes"] == 2'
}

processes_and_threads() {
  compile many -pthread <<'C' || return
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
static int fd;
static void* writer(void* unused) {
  for (int i = 0; i < 5000; i++) write(fd, "0123456789", 10);
  return unused;
}
int main(void) {
  pthread_t threads[4];
  fd = open("many.out", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], 0, writer, 0);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], 0);
  for (int i = 0; i < 3; i++)
    if (fork() == 0) writer(0), _exit(0);
  while (wait(0) > 0) {}
  if (vfork() == 0) write(fd, "x", 1), _exit(0);
  return 0;
}
C
  profile ./many
  says "threads and children" 'file("many.out")["calls"] == 35001 and file("many.out")["processes"] == 4' \
    "threads in order" 'file("many.out")["holes"] == 0 and file("many.out")["rewrites"] == 0'
  profile sh -c 'for i in 1 2 3 4; do echo $i; done | tee pipe.out | gzip -c >pipe.gz'
  says "a pipeline" 'file("pipe.out")["bytes"] == 8 and {p["program"].split("/")[-1] for p in d["processes"]} >= {"tee", "gzip"}'
}

languages() {
  if command -v gfortran >/dev/null; then
    cat >fortran.f90 <<'F'
program writers
  integer :: i
  open(10, file='fortran.out', form='unformatted')
  do i = 1, 300
    call put(i)
  end do
contains
  subroutine put(n)
    integer, intent(in) :: n
    write(10) n, spread(n, 1, 1000)
  end subroutine
end program
F
    gfortran -O1 -g fortran.f90 -o fortran 2>/dev/null || fail "fortran can't be built"
    profile --every 1 ./fortran
    says "fortran" 'file("fortran.out")["bytes"] == 300 * 4012 and
      any(site(s).get("file", "").endswith("fortran.f90") and site(s)["line"] == 10 for s in d["stacks"])'
  fi
  if command -v cobc >/dev/null; then
    cat >cobol.cob <<'COB'
       IDENTIFICATION DIVISION.
       PROGRAM-ID. W.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT S ASSIGN TO "cobol.out" ORGANIZATION SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD S.
       01 S-REC PIC X(120).
       PROCEDURE DIVISION.
           OPEN OUTPUT S
           PERFORM 500 TIMES
               MOVE "RECORD" TO S-REC
               WRITE S-REC
           END-PERFORM
           CLOSE S
           STOP RUN.
COB
    cobc -x -o cobol cobol.cob || fail "cobol can't be built"
    profile --every 1 ./cobol
    says "cobol" 'file("cobol.out")["calls"] == 500 and file("cobol.out")["locked"] and
      any(site(s)["module"].endswith("/cobol") and "cob_write" in functions(s) for s in d["stacks"])'
  fi
}

patterns() {
  profile -m '*.kept' -m '!b.kept' sh -c 'echo 1 >a.kept; echo 2 >b.kept; echo 3 >c.other'
  says "-m" '[f["path"].split("/")[-1] for f in d["files"]] == ["a.kept"]'
  profile -m "$work/inherited" sh -c 'echo 1; echo 2' >inherited
  "$seqshim" profile --json profile.json -o /dev/null -- sh -c 'echo 1; echo 2' >inherited
  says "an inherited descriptor" 'file("inherited")["calls"] == 2'
}

# More than there is room for.
limits() {
  profile sh -c 'i=0; while [ $i -lt 300 ]; do i=$((i + 1)); echo x >limit.$i; done'
  says "files" 'len(d["files"]) == 256 and d["unlisted"]["file_calls"] == 44 and d["unlisted"]["file_bytes"] == 88'
  grep -q 'and more files than are kept apart: 88 in 44 calls' profile.txt || fail "more files: $(<profile.txt)"
}

wrong_usage() {
  run profile
  refused "no command" 2 "no command"
  run profile --bogus true
  refused "unknown option" 2 "--bogus"
  run profile --every none true
  refused "bad --every" 2 "--every=none: must be a number"
  run profile --top 0 true
  refused "bad --top" 2 "--top=0"
  run profile --by weight true
  refused "bad --by" 2 "bytes, calls or time"
  run profile --json no/such/file true
  refused "no place for JSON" 125 "can't write no/such/file"
  run profile -o / true
  refused "a directory" 125 "can't write /"
  run profile no-such-command
  refused "not found" 127 no-such-command
  run profile --help
  check help 0
  [[ $out == *"seqshim profile"*--folded* ]] || fail "help: '$out'"
}

ends() {
  profile sh -c 'exit 42'
  check "exit 42" 42
  grep -q 'no writes to regular files' profile.txt || fail "nothing written: $(<profile.txt)"
  profile sh -c 'kill -TERM $$'
  check "death by SIGTERM" 143
  "$seqshim" profile -- sh -c 'exit 9' <&- >&- 2>&-
  [ $? = 9 ] || fail "all streams closed"
  run profile --json /dev/full true
  check "a full disk" 125
  [[ $err == *"can't write /dev/full: No space left"* ]] || fail "a full disk: '$err'"
}

# A thread goes through the objects that are loaded, until another one has written.
objects_are_being_looked_at() {
  compile looking -pthread <<'C' || return
#define _GNU_SOURCE
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
static int inside[2], done[2], fd;
static int wait_there(struct dl_phdr_info* info, size_t size, void* unused) {
  char byte;
  write(inside[1], "", 1);
  read(done[0], &byte, 1);
  return 1;
}
static void* look(void* unused) {
  dl_iterate_phdr(wait_there, 0);
  return unused;
}
int main(void) {
  char byte;
  pthread_t thread;
  int status;
  fd = open("looking.out", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  pipe(inside);
  pipe(done);
  pthread_create(&thread, 0, look, 0);
  read(inside[0], &byte, 1);
  alarm(20);
  if (fork() == 0) {
    alarm(20);
    _exit(write(fd, "child", 5) != 5);
  }
  wait(&status);
  if (write(fd, "parent", 6) != 6) return 1;
  write(done[1], "", 1);
  pthread_join(thread, 0);
  return status != 0;
}
C
  profile --every 1 ./looking
  check "objects are being looked at" 0
}

# The name may outlive the command, and lead elsewhere then: here, to a pipe that somebody reads.
stale_name() {
  mkfifo stale
  timeout 10 cat stale >stale.out &
  sleep 0.2
  SEQSHIM_PROFILE=$PWD/stale LD_PRELOAD=$build/libseqshim-profile.so env true
  timeout 5 sh -c 'echo text >stale'
  wait
  [ "$(<stale.out)" = text ] || fail "a stale name: what it led to was opened"
}

counts
nothing_changes
debug_information_apart
names
paths
killed
processes_and_threads
languages
patterns
limits
wrong_usage
ends
stale_name
objects_are_being_looked_at
[ "$failures" = 0 ]
