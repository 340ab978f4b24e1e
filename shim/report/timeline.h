// When the bytes of a process were accepted and when they landed, and when it waited: coarse enough
// to need no memory but this, however long the process lives.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/system/mutex.h"

namespace seqshim {

/// Zero is one that hasn't begun: nothing is noted. All times are as of now_ns(), and may come a
/// little out of order. Any thread; signals blocked.
class Timeline {
 public:
  static constexpr size_t kBuckets = 64;
  static constexpr uint64_t kFirstWidth = 1'000'000;  // ns

  struct Bucket {
    uint64_t written, landed, wait_ns;
  };

  bool begun() const { return begun_at_.load(std::memory_order_relaxed) != 0; }
  /// Anew, if it had begun already.
  void begin(uint64_t now, uint64_t calendar_ms);

  void note_written(uint64_t bytes, uint64_t now);
  void note_landed(uint64_t bytes, uint64_t now);
  /// Each bucket gets its part of the wait.
  void note_wait(uint64_t from, uint64_t to);

  /// The buckets reach up to `now`; from then on nothing else notes anything.
  void end(uint64_t now);
  uint64_t calendar_start_ms() const { return calendar_start_ms_; }
  /// Of each bucket; whole milliseconds.
  uint64_t width_ns() const { return width_; }
  /// Up to the one that was noted, or ended, last.
  size_t count() const { return count_; }
  const Bucket& operator[](size_t index) const { return buckets_[index]; }
  uint64_t lasted_ns() const { return lasted_; }

 private:
  Bucket& bucket_at(uint64_t now);
  void double_width();

  Mutex mutex_;
  std::atomic<uint64_t> begun_at_{0};
  // Guarded by mutex_. Bucket i is of [begun_at_ + i * width_, begun_at_ + (i + 1) * width_).
  uint64_t calendar_start_ms_ = 0;
  uint64_t width_ = 0;
  uint64_t lasted_ = 0;
  size_t count_ = 0;
  std::array<Bucket, kBuckets> buckets_{};
};

}  // namespace seqshim
