#include "shim/file/section.h"

#include <signal.h>

#include "shim/file/state.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

int process_id() { return static_cast<int>(sys::call_with(__NR_getpid)); }

}  // namespace

constinit std::atomic<bool> handlers_installed{false};

void note_signal_handler() { handlers_installed.store(true, std::memory_order_relaxed); }

__thread int vfork_parent = 0;

void announce_vfork() { vfork_parent = process_id(); }

bool still_in_vfork_child() {
  if (vfork_parent != process_id()) return true;
  vfork_parent = 0;
  return false;
}

Section::Section(bool wanted) : wanted_(wanted) {
  if (!wanted) return;
  const uint64_t all = ~uint64_t{0};
  sys::call_with(__NR_rt_sigprocmask, SIG_BLOCK, &all, &previous_, sizeof all);
  state_after_fork();
}

Section::~Section() {
  if (!wanted_) return;
  sys::call_with(__NR_rt_sigprocmask, SIG_SETMASK, &previous_, nullptr, sizeof previous_);
}

}  // namespace seqshim
