#include "shim/report/timeline.h"

#include <algorithm>

namespace seqshim {

void Timeline::begin(uint64_t now, uint64_t calendar_ms) {
  const MutexLock lock(mutex_);
  calendar_start_ms_ = calendar_ms;
  width_ = kFirstWidth;
  lasted_ = 0;
  count_ = 0;
  buckets_ = {};
  begun_at_.store(now, std::memory_order_relaxed);
}

/// Each bucket becomes one with its neighbour.
void Timeline::double_width() {
  for (size_t i = 0; i < kBuckets / 2; ++i) {
    const Bucket& left = buckets_[2 * i];
    const Bucket& right = buckets_[2 * i + 1];
    buckets_[i] = {.written = left.written + right.written,
                   .landed = left.landed + right.landed,
                   .wait_ns = left.wait_ns + right.wait_ns};
  }
  std::fill(buckets_.begin() + kBuckets / 2, buckets_.end(), Bucket{});
  width_ *= 2;
  count_ = (count_ + 1) / 2;
}

/// Another thread may have begun it anew after `now`: that counts as its beginning.
Timeline::Bucket& Timeline::bucket_at(uint64_t now) {
  const uint64_t start = begun_at_.load(std::memory_order_relaxed);
  const uint64_t since = now > start ? now - start : 0;
  while (since / width_ >= kBuckets) double_width();
  const size_t index = since / width_;
  count_ = std::max(count_, index + 1);
  return buckets_[index];
}

void Timeline::note_written(uint64_t bytes, uint64_t now) {
  const MutexLock lock(mutex_);
  bucket_at(now).written += bytes;
}

void Timeline::note_landed(uint64_t bytes, uint64_t now) {
  const MutexLock lock(mutex_);
  bucket_at(now).landed += bytes;
}

void Timeline::note_wait(uint64_t from, uint64_t to) {
  const MutexLock lock(mutex_);
  bucket_at(to);  // makes room up to the end first: a width that changes on the way would skip some
  const uint64_t start = begun_at_.load(std::memory_order_relaxed);
  from = std::max(from, start);
  while (from < to) {
    const uint64_t end_of_bucket = start + ((from - start) / width_ + 1) * width_;
    const uint64_t until = std::min(to, end_of_bucket);
    bucket_at(from).wait_ns += until - from;
    from = until;
  }
}

void Timeline::end(uint64_t now) {
  const MutexLock lock(mutex_);
  bucket_at(now);
  const uint64_t start = begun_at_.load(std::memory_order_relaxed);
  lasted_ = now > start ? now - start : 0;
}

}  // namespace seqshim
