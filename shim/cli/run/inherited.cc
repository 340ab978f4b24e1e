#include "shim/cli/run/inherited.h"

#include <sys/prctl.h>

namespace seqshim {

Inherited::Inherited() : mask_{}, on_child_{}, timers_{} {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &mask_);
  struct sigaction waitable {};
  waitable.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &waitable, &on_child_);
  const itimerval stopped{};
  for (size_t i = 0; i < kTimers.size(); ++i) setitimer(kTimers[i], &stopped, &timers_[i]);
  prctl(PR_GET_PDEATHSIG, &parent_death_signal_);
  prctl(PR_GET_CHILD_SUBREAPER, &subreaper_);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void Inherited::restore() const {
  prctl(PR_SET_CHILD_SUBREAPER, subreaper_);
  prctl(PR_SET_PDEATHSIG, parent_death_signal_);
  for (size_t i = 0; i < kTimers.size(); ++i) setitimer(kTimers[i], &timers_[i], nullptr);
  sigaction(SIGCHLD, &on_child_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_, nullptr);
}

}  // namespace seqshim
