#include "shim/device/pace.h"

#include <errno.h>
#include <time.h>

#include <algorithm>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

uint64_t now() {
  timespec time;
  sys::call_with(__NR_clock_gettime, CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * kSecond + static_cast<uint64_t>(time.tv_nsec);
}

void sleep_until(uint64_t instant) {
  const timespec time{.tv_sec = static_cast<time_t>(instant / kSecond),
                      .tv_nsec = static_cast<long>(instant % kSecond)};
  while (sys::call_with(__NR_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) ==
         -EINTR) {
  }
}

}  // namespace

void Pace::wait(size_t bytes) {
  if (bytes_per_second_ == 0) return;
  // No cluster is so large that this overflows.
  const uint64_t takes = bytes * kSecond / bytes_per_second_;
  uint64_t seen = free_at_.load(std::memory_order_relaxed), start;
  do start = std::max(seen, now());
  while (!free_at_.compare_exchange_weak(seen, start + takes, std::memory_order_relaxed));
  sleep_until(start);
}

}  // namespace seqshim
