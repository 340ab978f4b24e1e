// Waiting for each other across processes, by system calls that no library can interpose.
#pragma once

#include <linux/futex.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>

#include "shim/system/syscalls.h"

namespace kills {

inline void raise_flag(std::atomic<uint32_t>& flag) {
  if (flag.exchange(1) == 0)
    seqshim::sys::call_with(__NR_futex, &flag, FUTEX_WAKE, INT_MAX, nullptr);
}

/// False: `milliseconds` have passed, and it hasn't been raised.
inline bool wait_for_flag(std::atomic<uint32_t>& flag, int64_t milliseconds = INT_MAX) {
  const timespec limit = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (flag.load() == 0) {
    const long result = seqshim::sys::call_with(__NR_futex, &flag, FUTEX_WAIT, 0, &limit);
    if (result == -ETIMEDOUT) return flag.load() != 0;
  }
  return true;
}

inline int64_t microseconds_now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/// By looking at the clock: it may be shorter than any sleep.
inline void pass_time(int64_t microseconds) {
  const int64_t end = microseconds_now() + microseconds;
  while (microseconds_now() < end) {
  }
}

}  // namespace kills
