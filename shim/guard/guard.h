// The guard: a second process that outlives this one for as long as it takes to write what was
// accepted, and that writes what rests. A third one, its heir, comes after it if it is killed.
//
// It is cloned from the process with CLONE_FILES: the two share one descriptor table. So it needs
// to be handed no descriptor, keeps no file open any longer than the process does, and whatever the
// process closes is closed. Of the memory it shares the pool alone, and has let go of all the rest.
// It is nobody's child but init's (or the next subreaper's), so that no wait() of the process sees
// it, is in a session of its own and blocks all signals. `ps` shows it as seqshim:PID, the process
// that it guards.
#pragma once

#include <sys/resource.h>

#include <atomic>
#include <cstdint>

#include "shim/cache/segment.h"
#include "shim/system/kept_file.h"
#include "shim/system/mutex.h"

namespace seqshim {

/// Zero is a guard that was never started. Thread-safe; signals blocked.
class Guard {
 public:
  /// Sees to it that there is one, unless none can be had: `memory` lies in `file`. What it has to
  /// finish it tells the log at `log_path`, absolute, or null.
  void ensure(const Segment& memory, const KeptFile& file, unsigned idle_ms, const char* log_path);
  /// Ends it, and returns when it holds nothing any more.
  void stop(const Segment& memory);

  /// What is due of a cluster is the caller's to write from now on, and not the guard's.
  void claim(const Segment& memory, Ledger& ledger);

  /// It was wanted and there was none: had the process been killed then, bytes would be lost.
  bool failed() const { return failed_.load(std::memory_order_relaxed); }
  /// Our descriptor of that number is about to be replaced, and stays open until then. True if it
  /// was one of the guard's, which then has ended.
  bool vacate(const Segment& memory, int fd);

  /// Takes the processes between, which make the guards orphans, out of what the kernel says that
  /// the children of this process have used.
  void leave_out(rusage& of_children);

 private:
  bool runs() const;
  bool is_succeeded(const Segment& memory);
  bool await_arrival(const Segment& memory) const;
  bool start(const Segment& memory, const KeptFile& file, unsigned idle_ms, const char* log_path);
  bool try_to_start(const Segment& memory, const KeptFile& file, unsigned idle_ms,
                    const char* log_path);
  void meet_heir(const Segment& memory);
  void end(const Segment& memory, int given_up = 0);
  void replace(const Segment& memory, Ledger& ledger);
  int spawn();
  void await(const Segment& memory, Ledger& ledger);

  Mutex mutex_;
  // Guarded by mutex_. Process descriptors, private; 0: none.
  int own_fd_ = 0;                   // of this process: what the guard waits on
  int guard_fd_ = 0;                 // of the guard
  int heir_fd_ = 0;                  // of who comes after it, should it be killed
  unsigned mishaps_ = 0;             // guards that were killed with their heirs, or never came
  std::atomic<bool> failed_{false};  // read without the lock
  // What the processes between have used; of the largest size, what it was without and with them.
  timeval user_{}, system_{};
  long faults_ = 0;
  long largest_without_ = 0, largest_with_ = 0;
};

}  // namespace seqshim
