#include "shim/guard/heir.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

void sleep_until_gone(long process) {
  // A signal that nobody else is likely to send; all are blocked, and only wake it.
  constexpr uint64_t kDeath = uint64_t{1} << (SIGCHLD - 1);
  sys::call_with(__NR_prctl, PR_SET_PDEATHSIG, SIGCHLD, 0, 0, 0);
  while (sys::call_with(__NR_getppid) == process)
    sys::call_with(__NR_rt_sigtimedwait, &kDeath, nullptr, nullptr, sizeof kDeath);
}

}  // namespace

bool leave_heir(int32_t& heir_fd) {
  const long self = sys::call_with(__NR_getpid);
  // Without an exit signal: nobody is to be told of its end.
  constexpr unsigned long kFlags = CLONE_FILES | CLONE_PIDFD;
  const long pid = sys::call_with(__NR_clone, kFlags, nullptr, &heir_fd, nullptr, nullptr);
  if (pid != 0) return false;
  sleep_until_gone(self);
  return true;
}

}  // namespace seqshim
