// A lock for the few shared structures behind the hot path, built on the futex call itself: libc's
// own locks may be held by whoever called us, and the writer thread has no libc.
#pragma once

#include <linux/futex.h>

#include <atomic>
#include <cstdint>

#include "shim/system/syscalls.h"

namespace seqshim {

inline void futex_wait(const std::atomic<uint32_t>& word, uint32_t seen,
                       const void* timeout = nullptr) {
  sys::call_with(__NR_futex, &word, FUTEX_WAIT_PRIVATE, seen, timeout);
}
inline void futex_wake(const std::atomic<uint32_t>& word, int waiters) {
  sys::call_with(__NR_futex, &word, FUTEX_WAKE_PRIVATE, waiters);
}

/// Zero is unlocked. Taken only with all signals blocked, so a thread never waits for itself.
class Mutex {
 public:
  void lock() {
    uint32_t expected = kFree;
    if (word_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire)) return;
    while (word_.exchange(kContended, std::memory_order_acquire) != kFree)
      futex_wait(word_, kContended);
  }
  void unlock() {
    if (word_.exchange(kFree, std::memory_order_release) == kContended) futex_wake(word_, 1);
  }
  /// In a forked child: the thread that held the lock doesn't exist there.
  void reset() { word_.store(kFree, std::memory_order_relaxed); }

 private:
  static constexpr uint32_t kFree = 0, kHeld = 1, kContended = 2;
  std::atomic<uint32_t> word_{kFree};
};

class MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace seqshim
