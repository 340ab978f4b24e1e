#include "shim/cli/run/signals.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>

namespace seqshim {

void set_default(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  sigaction(signal, &action, nullptr);
}

void deliver(int signal) {
  sigset_t one, all;
  sigemptyset(&one);
  sigaddset(&one, signal);
  sigprocmask(SIG_UNBLOCK, &one, &all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

void take_signals_again() {
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  const timespec at_once{};
  while (sigtimedwait(&all, nullptr, &at_once) > 0) {
  }
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

int die_by(int signal) {
  const rlimit none{};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  set_default(signal);
  kill(getpid(), signal);
  deliver(signal);
  return 128 + signal;
}

}  // namespace seqshim
