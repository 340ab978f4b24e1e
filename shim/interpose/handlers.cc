// Signal handlers: that there are any is to be known of them, and where ours stand in for a default
// (shim/guard/last_words.h), the program sees and sets the default.
#include "shim/file/section.h"
#include "shim/guard/last_words.h"
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// What is to be installed where the program asks for `handler`.
sighandler_t installed(int number, sighandler_t handler) {
  if (handler == SIG_IGN) return handler;
  if (handler == SIG_DFL) {
    const sighandler_t ours = last_words_of(number);
    return ours != nullptr ? ours : handler;
  }
  note_signal_handler();
  return handler;
}

/// What the program is told of it.
sighandler_t shown(sighandler_t handler) { return is_last_words(handler) ? SIG_DFL : handler; }

}  // namespace

SEQSHIM_EXPORT int sigaction(int number, const struct sigaction* action,
                             struct sigaction* previous) noexcept {
  struct sigaction own;
  if (action != nullptr) {
    own = *action;
    own.sa_handler = installed(number, action->sa_handler);
    if (is_last_words(own.sa_handler)) own.sa_flags = 0;
  }
  const int result = libc().sigaction(number, action != nullptr ? &own : nullptr, previous);
  if (result == 0 && previous != nullptr && is_last_words(previous->sa_handler))
    *previous = {};  // SIG_DFL
  return result;
}
SEQSHIM_TWIN(__sigaction, sigaction);

SEQSHIM_EXPORT sighandler_t signal(int number, sighandler_t handler) noexcept {
  return shown(libc().signal(number, installed(number, handler)));
}
SEQSHIM_TWIN(bsd_signal, signal);
SEQSHIM_TWIN(ssignal, signal);

SEQSHIM_EXPORT sighandler_t sysv_signal(int number, sighandler_t handler) noexcept {
  return shown(libc().sysv_signal(number, installed(number, handler)));
}
SEQSHIM_TWIN(__sysv_signal, sysv_signal);

SEQSHIM_EXPORT sighandler_t sigset(int number, sighandler_t handler) noexcept {
  return shown(libc().sigset(number, installed(number, handler)));
}
