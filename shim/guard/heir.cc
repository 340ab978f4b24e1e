#include "shim/guard/heir.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// False: the kernel doesn't let it.
bool sleep_until_gone(long process) {
  // A signal that nobody else is likely to send; all are blocked, and only wake it.
  constexpr uint64_t kDeath = uint64_t{1} << (SIGCHLD - 1);
  if (sys::call_with(__NR_prctl, PR_SET_PDEATHSIG, SIGCHLD, 0, 0, 0) != 0) return false;
  // One that dies just now may neither see our wish nor be seen gone yet: the first look isn't the
  // last.
  constexpr timespec kAWhile{.tv_sec = 0, .tv_nsec = 100'000'000};
  const timespec* limit = &kAWhile;
  long parent;
  while ((parent = sys::call_with(__NR_getppid)) == process) {
    const long woken = sys::call_with(__NR_rt_sigtimedwait, &kDeath, nullptr, limit, sizeof kDeath);
    if (woken < 0 && woken != -EINTR && woken != -EAGAIN) return false;
    limit = nullptr;
  }
  return parent >= 0;
}

}  // namespace

bool leave_heir(int32_t& heir_fd) {
  const long self = sys::call_with(__NR_getpid);
  // Without an exit signal: nobody is to be told of its end.
  constexpr unsigned long kFlags = CLONE_FILES | CLONE_PIDFD;
  const long pid = sys::call_with(__NR_clone, kFlags, nullptr, &heir_fd, nullptr, nullptr);
  if (pid < 0) heir_fd = -1;
  if (pid != 0) return false;
  if (sleep_until_gone(self)) return true;
  for (;;) sys::call_with(__NR_exit_group, 0);
}

}  // namespace seqshim
