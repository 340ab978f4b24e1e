// What a program keeps when it is executed, but doesn't hand to its child.
#pragma once

#include <signal.h>
#include <sys/time.h>

#include <array>

namespace seqshim {

/// The state of this process that execve() keeps and fork() drops or that a parent has to change:
/// a child that gives it back to itself looks as if it had been executed in our place.
class Inherited {
 public:
  /// Blocks every signal, makes children waitable, stops the interval timers and has orphaned
  /// descendants come to this process. What was is remembered.
  Inherited();

  /// In the child, or in this process when there will be none: all as it was.
  void restore() const;

 private:
  static constexpr std::array kTimers = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};

  sigset_t mask_;
  struct sigaction on_child_;  // ignored, perhaps: then nobody could wait for a child
  std::array<itimerval, kTimers.size()> timers_;
  int parent_death_signal_ = 0;
  int subreaper_ = 0;
};

}  // namespace seqshim
