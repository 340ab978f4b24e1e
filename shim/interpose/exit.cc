// The ways in which a process ends of its own will. stdio's last flush comes after every
// destructor, so whatever is still written then goes straight to the kernel.
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

void finish() {
  close_gate();
  make_durable();
  note_end();
  emit_report();
}

__attribute__((destructor)) void at_end() { finish(); }

}  // namespace

SEQSHIM_EXPORT void _exit(int status) {
  finish();
  libc()._exit(status);
  __builtin_unreachable();
}
SEQSHIM_TWIN(_Exit, _exit);

SEQSHIM_EXPORT void quick_exit(int status) noexcept {
  finish();
  libc().quick_exit(status);
  __builtin_unreachable();
}

SEQSHIM_EXPORT void exit(int status) noexcept {
  // The handlers may write on; should one of them never return, nothing is lost.
  hand_over_all();
  libc().exit(status);
  __builtin_unreachable();
}

SEQSHIM_EXPORT void abort() noexcept {
  // A handler of SIGABRT may write its last words.
  finish();
  libc().abort();
  __builtin_unreachable();
}
