// Whether the program has one thread, again too, after others have ended: __libc_single_threaded
// never comes back.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>

#include "shim/system/single_threaded.h"
#include "shim/system/syscalls.h"

namespace seqshim {

/// The kernel's count: a link for each thread, besides the two that every directory has. False
/// without /proc.
inline bool is_only_task() {
  struct stat facts;
  return sys::call_with(__NR_newfstatat, AT_FDCWD, "/proc/self/task", &facts, 0) == 0 &&
         facts.st_nlink == 3;
}

struct Threads {
  /// How many there are, those that libc begins for itself among them: its own count, which it
  /// keeps for debuggers (td_ta_get_nthreads of libthread_db). Null: it isn't to be had.
  const unsigned* count = nullptr;
  /// Goes up before each that the program begins.
  std::atomic<unsigned> begun{0};
  /// What `begun` was when the kernel last knew of one thread only: libc takes a thread off its
  /// count before its last instructions, among which a signal handler may come.
  std::atomic<unsigned> begun_when_alone{~0U};
};
inline constinit Threads threads;

/// Holds until the calling thread begins another.
inline bool alone() {
  if (__libc_single_threaded) return true;
  if (threads.count == nullptr || __atomic_load_n(threads.count, __ATOMIC_ACQUIRE) != 1)
    return false;
  const unsigned begun = threads.begun.load(std::memory_order_relaxed);
  if (threads.begun_when_alone.load(std::memory_order_relaxed) == begun) return true;
  if (!is_only_task()) return false;
  threads.begun_when_alone.store(begun, std::memory_order_relaxed);
  return true;
}

}  // namespace seqshim
