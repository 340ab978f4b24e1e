// A lock of one word for critical sections of a few instructions. It makes system calls only when
// threads meet, allocates nothing, and zero is unlocked, so that a forked child can reset it.
// Not recursive: who holds it must keep signal handlers that take it away (signals blocked).
#pragma once

#include <linux/futex.h>

#include <atomic>
#include <cstdint>

#include "shim/device/syscalls.h"

namespace seqshim {

class FutexLock {
 public:
  constexpr FutexLock() = default;
  FutexLock(const FutexLock&) = delete;
  FutexLock& operator=(const FutexLock&) = delete;

  void lock() {
    uint32_t seen = kFree;
    if (state_.compare_exchange_strong(seen, kHeld, std::memory_order_acquire,
                                       std::memory_order_relaxed))
      return;
    // From here on the word says that someone may sleep; at worst one wake too many is made.
    while (state_.exchange(kAwaited, std::memory_order_acquire) != kFree)
      sys::call_with(__NR_futex, &state_, FUTEX_WAIT_PRIVATE, kAwaited, nullptr);
  }

  void unlock() {
    if (state_.exchange(kFree, std::memory_order_release) == kAwaited)
      sys::call_with(__NR_futex, &state_, FUTEX_WAKE_PRIVATE, 1);
  }

  /// In a forked child: the thread that held the lock doesn't exist there.
  void reset() { state_.store(kFree, std::memory_order_relaxed); }

 private:
  static constexpr uint32_t kFree = 0;
  static constexpr uint32_t kHeld = 1;
  static constexpr uint32_t kAwaited = 2;

  std::atomic<uint32_t> state_{kFree};
  static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));
};

class FutexGuard {
 public:
  explicit FutexGuard(FutexLock& lock) : lock_(lock) { lock_.lock(); }
  ~FutexGuard() { lock_.unlock(); }
  FutexGuard(const FutexGuard&) = delete;
  FutexGuard& operator=(const FutexGuard&) = delete;

 private:
  FutexLock& lock_;
};

}  // namespace seqshim
