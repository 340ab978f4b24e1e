// Signals that a process sends itself: it may not come back from one, so nothing is left in memory.
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// Before a signal that may end this process.
void before_own_signal(int signal) {
  if (signal != 0 && !inert()) hand_over_all();
}

/// By kill's rules: a process, or with a number below 1 a group or all.
void before_signal_to(pid_t target, int signal) {
  if (target <= 0 || target == static_cast<pid_t>(sys::call_with(__NR_getpid)))
    before_own_signal(signal);
}

}  // namespace

SEQSHIM_EXPORT int kill(pid_t target, int signal) noexcept {
  before_signal_to(target, signal);
  return thin().kill(target, signal);
}

SEQSHIM_EXPORT int killpg(pid_t group, int signal) noexcept {
  before_own_signal(signal);
  return libc().killpg(group, signal);
}

SEQSHIM_EXPORT int tgkill(pid_t process, pid_t thread, int signal) {
  before_signal_to(process, signal);
  return thin().tgkill(process, thread, signal);
}

SEQSHIM_EXPORT int sigqueue(pid_t target, int signal, const sigval value) noexcept {
  before_signal_to(target, signal);
  return libc().sigqueue(target, signal, value);
}

SEQSHIM_EXPORT int raise(int signal) noexcept {
  before_own_signal(signal);
  return libc().raise(signal);
}
SEQSHIM_TWIN(gsignal, raise);

SEQSHIM_EXPORT int pthread_kill(pthread_t thread, int signal) noexcept {
  before_own_signal(signal);
  return libc().pthread_kill(thread, signal);
}
