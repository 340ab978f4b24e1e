// Signal handlers: that there are any is all that is to be known of them.
#include "shim/file/section.h"
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

void note(sighandler_t handler) {
  if (handler != SIG_DFL && handler != SIG_IGN) note_signal_handler();
}

}  // namespace

SEQSHIM_EXPORT int sigaction(int number, const struct sigaction* action,
                             struct sigaction* previous) noexcept {
  if (action != nullptr) note(action->sa_handler);
  return libc().sigaction(number, action, previous);
}
SEQSHIM_TWIN(__sigaction, sigaction);

SEQSHIM_EXPORT sighandler_t signal(int number, sighandler_t handler) noexcept {
  note(handler);
  return libc().signal(number, handler);
}
SEQSHIM_TWIN(bsd_signal, signal);
SEQSHIM_TWIN(ssignal, signal);

SEQSHIM_EXPORT sighandler_t sysv_signal(int number, sighandler_t handler) noexcept {
  note(handler);
  return libc().sysv_signal(number, handler);
}
SEQSHIM_TWIN(__sysv_signal, sysv_signal);

SEQSHIM_EXPORT sighandler_t sigset(int number, sighandler_t handler) noexcept {
  note(handler);
  return libc().sigset(number, handler);
}
