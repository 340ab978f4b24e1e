// The way into everything beyond the hot path.
#pragma once

#include <atomic>
#include <cstdint>

namespace seqshim {

// The process that called vfork; 0: no vfork that this thread has not yet returned from.
extern __thread int vfork_parent;
bool still_in_vfork_child();

/// True in a child of vfork, which runs in its parent's memory: it must change nothing here, and
/// its descriptor numbers mean something else. One thread-local load when no vfork is under way.
inline bool in_vfork_child() { return vfork_parent != 0 && still_in_vfork_child(); }
/// Called in the parent right before the child comes to be.
void announce_vfork();

/// Whether the program has ever asked for a signal to be handled: only then can a handler come in
/// between two steps that belong together. A child inherits it, as it does the handlers.
extern std::atomic<bool> handlers_installed;
inline bool signals_are_handled() { return handlers_installed.load(std::memory_order_relaxed); }
void note_signal_handler();

/// While it lives, no signal handler of this thread runs, so the locks below are never waited for
/// by a handler on top of their own holder. Not re-entrant by need: sections may nest.
class Section {
 public:
  /// Not `wanted`: nothing happens.
  explicit Section(bool wanted = true);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

 private:
  const bool wanted_;
  uint64_t previous_ = 0;
};

}  // namespace seqshim
