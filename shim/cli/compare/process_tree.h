// Running commands with everything that they start, one after the other.
#pragma once

#include <signal.h>

#include <functional>

#include "shim/cli/run/inherited.h"

namespace seqshim {

/// This process was asked to end. Whoever catches it ends by that signal.
struct Interrupted {
  int signal;
};

/// How a command ended, and what it took.
struct Ended {
  int exit_code;        // of a signal: 128 and its number
  double seconds;       // from before its process was made until it had ended
  double user, system;  // CPU seconds of it and of all below it that ended until then
};

/// Holds the signals that ask this process to end, for good, and adopts orphans: what a command
/// starts can be waited for, and ended, wherever it stands. There is one, in a process with one
/// thread.
class ProcessTree {
 public:
  ProcessTree();
  ProcessTree(const ProcessTree&) = delete;
  ProcessTree& operator=(const ProcessTree&) = delete;

  /// Runs `program` in a child that has this process's signals as they were; what it returns is its
  /// exit code, unless it executes something. Returns when that has ended, and no guard is left
  /// that still writes for a dead process below it; others that it started may go on. Throws
  /// Interrupted, once all that was ever started here has been ended, and std::system_error if
  /// there can be no child.
  Ended run(const std::function<int()>& program);

  /// Throws Interrupted if it is time to.
  void look_for_signals();

 private:
  int wait_for(pid_t child);
  [[noreturn]] void end_all(const siginfo_t& asked);

  const Inherited inherited_;
  sigset_t ending_;  // what asks us to end, and isn't ignored
  sigset_t awaited_;
};

}  // namespace seqshim
