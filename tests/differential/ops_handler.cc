// Signal handlers that do more than write, while the program is in the middle of its own writes.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "tests/differential/actor.h"
#include "tests/differential/op_functions.h"
#include "tests/differential/paths.h"

namespace differential {
namespace {

constexpr int kTimes = 6;

struct Busy {
  int64_t what;
  int fd;     // the program's own writes go there
  int other;  // a description of the handler's own
  const char* path;
  off_t grown;
  std::atomic<int> left;
  std::atomic<int> failures;
};
Busy g_busy;

bool fork_and_wait() {
  const pid_t child = fork();
  if (child == 0) _exit(7);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

bool copy_and_close(int fd) {
  const int copy = dup(fd);
  return copy >= 0 && close(copy) == 0;
}

bool open_and_close(const char* path) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  return fd >= 0 && write(fd, "handler ", 8) == 8 && close(fd) == 0;
}

/// Holds at every instant if it holds before the first write.
bool within_the_file(int fd) {
  struct stat s = {};
  const off_t at = lseek(fd, 0, SEEK_CUR);
  return at >= 0 && fstat(fd, &s) == 0 && s.st_size >= at;
}

bool act() {
  switch (g_busy.what) {
    case 0:
      return fork_and_wait();
    case 1:
      return copy_and_close(g_busy.fd);
    case 2:
      return open_and_close(g_busy.path);
    case 3:
      return within_the_file(g_busy.fd);
    case 4:
      return ftruncate(g_busy.fd, g_busy.grown) == 0;
    case 5:
      return fcntl(g_busy.fd, F_GETFL) >= 0 && fcntl(g_busy.fd, F_GETFD) >= 0;
    default:
      return write(g_busy.other, "handler ", 8) == 8;
  }
}

void on_alarm(int) {
  if (g_busy.left.load() <= 0) return;
  const int before = errno;
  if (!act()) ++g_busy.failures;
  --g_busy.left;
  errno = before;
}

void arm(bool restart) {
  struct sigaction action = {};
  action.sa_handler = on_alarm;
  action.sa_flags = restart ? SA_RESTART : 0;
  sigaction(SIGALRM, &action, nullptr);
  const itimerval interval = {{0, 80}, {0, 80}};
  setitimer(ITIMER_REAL, &interval, nullptr);
}

void disarm() {
  while (g_busy.left.load() > 0) usleep(20);
  const itimerval never = {};
  setitimer(ITIMER_REAL, &never, nullptr);
}

}  // namespace

void op_handler_acts(Actor& a, const Args& x) {
  static constexpr const char* kOther = "data/handler";
  if (file_size_is_limited()) return;
  const int fd = a.fd(x[0]);
  const size_t size = static_cast<size_t>(x[1]);
  const off_t start = lseek(fd, 0, SEEK_CUR);
  const int flags = fcntl(fd, F_GETFL);
  if (start < 0 || (flags & O_ACCMODE) == O_RDONLY) return a.log(" not for writing");
  if (start > (1 << 21)) return a.log(" far out");
  if (x[2] == 4 && (flags & O_APPEND) != 0) return a.log(" appending");
  if (x[2] == 3 && !within_the_file(fd)) return a.log(" behind the end");
  g_busy.what = x[2];
  g_busy.fd = fd;
  g_busy.path = kOther;
  g_busy.grown = 1 << 22;
  g_busy.other = open(kOther, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  g_busy.failures = 0;
  g_busy.left = kTimes;
  const char* data = a.bytes(size);
  arm(x[4] == 0);
  long total = 0;
  for (int64_t i = 0; i < 4 * x[3]; ++i) total += write(fd, data, size);
  disarm();
  close(g_busy.other);
  a.log(" total %ld failures %d", total, g_busy.failures.load());
}

}  // namespace differential
