// The lock of one file. It knows its owner, so that a signal handler that interrupts its own
// thread inside the hot path can tell, and costs two plain stores while the program has one thread.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>

#include "shim/system/single_threaded.h"
#include "shim/system/syscalls.h"

namespace seqshim {

/// Distinct among the threads of a process, for as long as they live; bit 0 is clear.
inline uintptr_t this_thread() {
  alignas(8) static thread_local char anchor;
  return reinterpret_cast<uintptr_t>(&anchor);
}

inline uintptr_t stack_pointer() {
  uintptr_t value;
#if defined(__x86_64__)
  asm volatile("mov %%rsp, %0" : "=r"(value));
#else
  asm volatile("mov %0, sp" : "=r"(value));
#endif
  return value;
}

class OwnerLock {
 public:
  /// False when it is held, by whomever.
  bool try_lock() {
    if (__libc_single_threaded) {
      if (word_.load(std::memory_order_relaxed) != 0) return false;
      word_.store(this_thread(), std::memory_order_relaxed);
      std::atomic_signal_fence(std::memory_order_seq_cst);
      return true;
    }
    uintptr_t expected = 0;
    return word_.compare_exchange_strong(expected, this_thread(), std::memory_order_acquire,
                                         std::memory_order_relaxed);
  }

  /// Waits for other threads. Only with signals blocked, and not when held_by_this_thread().
  void lock() {
    while (!try_lock()) wait();
  }

  void unlock() {
    if (__libc_single_threaded) {
      std::atomic_signal_fence(std::memory_order_seq_cst);
      word_.store(0, std::memory_order_relaxed);
    } else if ((word_.exchange(0, std::memory_order_release) & kWaitedFor) != 0) {
      sys::call_with(__NR_futex, &word_, kWake, 1);
    }
  }

  bool held_by_this_thread() const {
    return (word_.load(std::memory_order_relaxed) & ~kWaitedFor) == this_thread();
  }

 private:
  static constexpr uintptr_t kWaitedFor = 1;
  static constexpr int kWait = 128, kWake = 129;  // FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE

  void wait() {
    uintptr_t held = word_.load(std::memory_order_relaxed);
    if (held == 0) return;
    if ((held & kWaitedFor) == 0 &&
        !word_.compare_exchange_strong(held, held | kWaitedFor, std::memory_order_relaxed))
      return;
    // A thread that takes the lock without waiting loses the mark of those who still do: they look
    // again after a while.
    constexpr timespec kAWhile{.tv_sec = 0, .tv_nsec = 1'000'000};
    sys::call_with(__NR_futex, &word_, kWait, static_cast<uint32_t>(held | kWaitedFor), &kAWhile);
  }

  std::atomic<uintptr_t> word_{0};
};

}  // namespace seqshim
