// Processes that end in the middle of their writes. Where is chance, but the file must hold what
// write() had accepted, and no wrong byte: that much is checked, then the file goes.
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>

#include "tests/differential/actor.h"
#include "tests/differential/environment.h"
#include "tests/differential/op_functions.h"

namespace differential {
namespace {

constexpr const char* kFile = "data/cut";
constexpr long kMost = 2000;
constexpr size_t kMostBytes = 4096;

enum How : int64_t { kHandlerExit, kHandlerExec, kThreadExit, kThreadUnderscoreExit, kThreadExec };

struct Run {
  How how;
  size_t size;
  long enough;  // records until another thread ends it all
  char* const* argv;
  std::atomic<long>* count;  // shared with the parent
};
Run g_run;

void fill_record(char* to, long index) { fill(to, g_run.size, static_cast<uint64_t>(index) + 77); }

[[noreturn]] void end_now() {
  if (g_run.how == kThreadExit) exit(0);
  if (g_run.how == kHandlerExec || g_run.how == kThreadExec) execv(g_run.argv[0], g_run.argv);
  _exit(0);
}

void* end_later(void*) {
  while (g_run.count->load() < g_run.enough) sched_yield();
  end_now();
}

void arrange_the_end() {
  if (g_run.how >= kThreadExit) {
    pthread_t thread;
    pthread_create(&thread, nullptr, end_later, nullptr);
    return;
  }
  signal(SIGALRM, [](int) { end_now(); });
  const itimerval once = {{0, 0}, {0, static_cast<suseconds_t>(20 * g_run.enough + 1)}};
  setitimer(ITIMER_REAL, &once, nullptr);
}

[[noreturn]] void write_until_cut() {
  static char record[kMostBytes];
  const int fd = open(kFile, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  arrange_the_end();
  for (long i = 0; i < kMost; ++i) {
    fill_record(record, i);
    if (write(fd, record, g_run.size) != static_cast<ssize_t>(g_run.size)) _exit(9);
    g_run.count->store(i + 1);
  }
  for (;;) pause();
}

/// The kernel itself breaks off the write of a thread that is killed, but none for a handler.
bool may_be_partial(long index, long count) { return g_run.how >= kThreadExit && index == count; }

/// What is wrong with the file, given that `count` records were accepted.
std::string fault_in(long count) {
  const int fd = open(kFile, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return count == 0 ? "" : "no file";
  char record[kMostBytes], wanted[kMostBytes];
  std::string fault;
  long index = 0;
  for (;; ++index) {
    const ssize_t got = read(fd, record, g_run.size);
    if (got == 0) break;
    fill_record(wanted, index);
    if (!std::equal(wanted, wanted + got, record)) fault = "wrong bytes";
    if (got == static_cast<ssize_t>(g_run.size) && fault.empty()) continue;
    if (fault.empty() && !may_be_partial(index, count)) fault = "part of a record";
    break;
  }
  close(fd);
  if (fault.empty() && (index < count || index > count + 1)) fault = "wrong number of records";
  return fault.empty() ? "" : fault + " " + std::to_string(index) + " of " + std::to_string(count);
}

}  // namespace

void op_cut_short(Actor& a, const Args& x) {
  if (file_size_is_limited()) return;
  void* shared = mmap(nullptr, sizeof(std::atomic<long>), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const Words words = {"/bin/true"};
  const std::vector<char*> argv = pointers(words);
  g_run = {static_cast<How>(x[0]), std::min(static_cast<size_t>(x[1]), kMostBytes), x[2] * 3,
           argv.data(), new (shared) std::atomic<long>(0)};
  a.end_line();
  const pid_t child = fork();
  if (child == 0) write_until_cut();
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  a.log("cut short %x %s", status, fault_in(g_run.count->load()).c_str());
  munmap(shared, sizeof(std::atomic<long>));
  unlink(kFile);
}

}  // namespace differential
