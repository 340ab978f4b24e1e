// The time, by libc's reading of the kernel's page: no system call.
#pragma once

#include <time.h>

#include <cstdint>

namespace seqshim {

inline uint64_t clock_ns(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

/// Since some moment that stays the same while the machine runs.
inline uint64_t now_ns() { return clock_ns(CLOCK_MONOTONIC); }
/// Since the epoch; it may be set back.
inline uint64_t calendar_ms() { return clock_ns(CLOCK_REALTIME) / 1'000'000; }

}  // namespace seqshim
