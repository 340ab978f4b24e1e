// How fast a process may write: SEQSHIM_RATE, so that others who use the same device keep their
// share of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace seqshim {

/// Zero is without a limit. Thread-safe; raw system calls only.
class Pace {
 public:
  constexpr Pace() = default;
  explicit constexpr Pace(uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  /// Before `bytes` are written: returns when the ones before them have had their time. What was
  /// not written meanwhile isn't made up for.
  void wait(size_t bytes);

 private:
  uint64_t bytes_per_second_ = 0;
  std::atomic<uint64_t> free_at_{0};  // ns of the monotonic clock: when the next may be written
};

}  // namespace seqshim
