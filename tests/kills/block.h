// What a writer and its tester share, and what stays when the writer dies.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>

namespace kills {

/// A thread or process that makes its calls one after the other.
struct Lane {
  /// Of the lane's calls: how many have begun, and how many have returned, their bytes accepted.
  std::atomic<uint64_t> attempted;
  std::atomic<uint64_t> accepted;
  /// errno of the call that failed, or -1: it did less than it was asked.
  std::atomic<int> error;
  std::atomic<pid_t> process;
};

struct Block {
  static constexpr int kLanes = 2;
  Lane lanes[kLanes];
  std::atomic<uint32_t> reached;  // a futex: the drawn instant has come
  std::atomic<uint32_t> finish;   // a futex: who has written everything may end
};

}  // namespace kills
