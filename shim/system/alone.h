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
  /// Calls under way that begin one: libc's allocator may come back to us out of them.
  std::atomic<unsigned> beginning{0};
  /// Goes up with each that the program has begun.
  std::atomic<unsigned> begun{0};
  /// What `begun` was when the kernel last knew of one thread only: libc takes a thread off its
  /// count before its last instructions, among which are calls that free memory.
  std::atomic<unsigned> begun_when_alone{~0U};
  /// Some begin otherwise, by clone or in libc: nothing holds for longer than a moment.
  std::atomic<bool> any_uncounted{false};
  /// How often the kernel has known of more in vain, which may be so for good.
  std::atomic<unsigned> refusals{0};
};
inline constinit Threads threads;

/// A thread of the program's begins, or tries to, while it lives.
class ThreadBegins {
 public:
  ThreadBegins() { threads.beginning.fetch_add(1, std::memory_order_relaxed); }
  ~ThreadBegins() {
    threads.begun.fetch_add(1, std::memory_order_relaxed);
    threads.refusals.store(0, std::memory_order_relaxed);
    threads.beginning.fetch_sub(1, std::memory_order_release);
  }
  ThreadBegins(const ThreadBegins&) = delete;
  ThreadBegins& operator=(const ThreadBegins&) = delete;
};

/// The kernel is asked where libc's count may be too low.
inline bool is_alone_after_others() {
  constexpr unsigned kPatience = 256;
  const unsigned begun = threads.begun.load(std::memory_order_relaxed);
  const bool lasts = threads.beginning.load(std::memory_order_acquire) == 0 &&
                     !threads.any_uncounted.load(std::memory_order_relaxed);
  if (lasts && threads.begun_when_alone.load(std::memory_order_relaxed) == begun) return true;
  if (threads.refusals.load(std::memory_order_relaxed) >= kPatience) return false;
  if (!is_only_task()) {
    threads.refusals.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  if (lasts) threads.begun_when_alone.store(begun, std::memory_order_relaxed);
  return true;
}

/// Holds until the calling thread begins another. Not for a child of vfork, which has its parent's
/// memory and isn't it.
inline bool alone() {
  if (__libc_single_threaded) return true;
  return threads.count != nullptr && __atomic_load_n(threads.count, __ATOMIC_ACQUIRE) == 1 &&
         is_alone_after_others();
}

}  // namespace seqshim
