// A model of SeqCache that is too simple to be wrong: one byte map of the file and a plain list of
// clusters, searched from the front. SeqCacheModelRun drives a real cache and the model through
// the same operations and compares everything that can be seen. Shared by the randomized test and
// the fuzzer, which differ only in where the operations come from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "seqshim/heap_clusters.h"
#include "seqshim/seqcache.h"

namespace seqshim::testing {

/// Where a run's decisions come from.
class Draws {
 public:
  virtual ~Draws() = default;
  virtual uint64_t below(uint64_t bound) = 0;
  virtual bool exhausted() const = 0;
};

class RandomDraws final : public Draws {
 public:
  explicit RandomDraws(uint64_t seed) : engine_(seed) {}
  uint64_t below(uint64_t bound) override { return engine_() % bound; }
  bool exhausted() const override { return false; }

 private:
  std::mt19937_64 engine_;
};

/// Takes as many bytes per decision as its bound needs; zeros once they are used up.
class ByteDraws final : public Draws {
 public:
  ByteDraws(const uint8_t* data, size_t size) : next_(data), end_(data + size) {}
  uint64_t below(uint64_t bound) override {
    uint64_t value = 0;
    for (uint64_t covered = 1; covered < bound && next_ != end_; covered <<= 8)
      value = value << 8 | *next_++;
    return value % bound;
  }
  bool exhausted() const override { return next_ == end_; }

 private:
  const uint8_t* next_;
  const uint8_t* end_;
};

/// A heap store that may have no memory for buckets.
class ModelStore final : public ClusterStore {
 public:
  ModelStore(size_t cluster_size, size_t limit, bool has_buckets)
      : ClusterStore(cluster_size), heap_(cluster_size, limit), has_buckets_(has_buckets) {}
  Cluster* acquire() override { return heap_.acquire(); }
  void release(Cluster* cluster) override {
    // What is read after its release shows up as wrong bytes.
    std::memset(cluster->slot, 0xDD, cluster_size());
    heap_.release(cluster);
  }
  Cluster** grow_buckets(size_t count) override {
    if (!has_buckets_) return nullptr;
    buckets_ = count;
    return heap_.grow_buckets(count);
  }
  void free_buckets(Cluster** buckets) override { heap_.free_buckets(buckets); }
  size_t in_use() const { return heap_.in_use(); }
  /// The number last asked for and given.
  size_t buckets() const { return buckets_; }

 private:
  HeapClusters heap_;
  size_t buckets_ = 0;
  const bool has_buckets_;
};

/// What SeqCache promises, written down naively. Offsets count from the window's start here.
class SeqCacheModel {
 public:
  struct Extent {
    uint64_t start, end;
    bool finished, flushed;
  };
  struct Written {
    uint64_t bytes;
    SeqCache::Status status;
  };

  SeqCacheModel(uint64_t cluster_size, uint64_t window, uint64_t limit)
      : cluster_size_(cluster_size), limit_(limit), bytes_(window), present_(window) {}

  Written write_within_cluster(uint64_t offset, const uint8_t* source, uint64_t bytes) {
    if (bytes == 0) return {0, SeqCache::Status::kDone};
    const uint64_t taken = std::min(bytes, cluster_size_ - offset % cluster_size_);
    Extent* const current = unfinished();
    if (current == nullptr || current->end != offset) {
      if (find(offset) != nullptr) return {0, SeqCache::Status::kRefused};
      if (extents_.size() + detached_ == limit_) return {0, SeqCache::Status::kNoRoom};
      finish();
      extents_.push_back({offset, offset, false, false});
    }
    Extent& extent = extents_.back();
    std::memcpy(&bytes_[offset], source, taken);
    std::memset(&present_[offset], 1, taken);
    extent.end += taken;
    if (extent.end % cluster_size_ == 0) extent.finished = true;
    return {taken, SeqCache::Status::kDone};
  }

  Written write(uint64_t offset, const uint8_t* source, uint64_t bytes) {
    uint64_t done = 0;
    while (done < bytes) {
      const Written step = write_within_cluster(offset + done, source + done, bytes - done);
      if (step.status != SeqCache::Status::kDone) return {done, step.status};
      done += step.bytes;
    }
    return {done, SeqCache::Status::kDone};
  }

  bool appends(uint64_t offset, uint64_t bytes) {
    const Extent* const current = unfinished();
    return current != nullptr && current->end == offset &&
           bytes < cluster_size_ - offset % cluster_size_;
  }

  bool accepts(uint64_t offset) {
    const Extent* const current = unfinished();
    return find(offset) == nullptr || (current != nullptr && current->end == offset);
  }

  /// Bytes present from `offset` on, at most `bytes`.
  uint64_t readable(uint64_t offset, uint64_t bytes) const {
    bytes = std::min<uint64_t>(bytes, present_.size() - offset);
    if (bytes == 0) return 0;
    const void* const hole = std::memchr(&present_[offset], 0, bytes);
    return hole == nullptr ? bytes : static_cast<const uint8_t*>(hole) - &present_[offset];
  }

  Extent* next_flush(bool also_unfinished) {
    for (Extent& extent : extents_)
      if (extent.finished && !extent.flushed) {
        extent.flushed = true;
        return &extent;
      }
    return also_unfinished ? unfinished() : nullptr;
  }

  void finish() {
    if (unfinished() != nullptr) extents_.back().finished = true;
  }

  void discard(uint64_t offset) {
    const Extent* const extent = find(offset);
    if (extent == nullptr) return;
    std::memset(&present_[extent->start], 0, extent->end - extent->start);
    extents_.erase(extents_.begin() + (extent - extents_.data()));
  }

  void detach_unfinished() {
    discard(unfinished()->start);
    ++detached_;
  }
  void release_detached() { --detached_; }

  Extent* unfinished() {
    return extents_.empty() || extents_.back().finished ? nullptr : &extents_.back();
  }
  const std::vector<Extent>& extents() const { return extents_; }
  const uint8_t* at(uint64_t offset) const { return bytes_.data() + offset; }
  uint64_t in_use() const { return extents_.size() + detached_; }

 private:
  const Extent* find(uint64_t offset) const {
    for (const Extent& extent : extents_)
      if (extent.start / cluster_size_ == offset / cluster_size_) return &extent;
    return nullptr;
  }

  const uint64_t cluster_size_;
  const uint64_t limit_;
  uint64_t detached_ = 0;
  std::vector<Extent> extents_;  // write order; only the last may be unfinished
  std::vector<uint8_t> bytes_;
  std::vector<uint8_t> present_;
};

class SeqCacheModelRun {
 public:
  /// The decisions begin with the surroundings: store capacity, place of the window in the file.
  SeqCacheModelRun(Draws& draws, size_t cluster_size, uint64_t window_clusters = 64)
      : draws_(draws),
        cluster_size_(cluster_size),
        window_clusters_(window_clusters),
        window_(cluster_size * window_clusters),
        base_(draw_base()),
        limit_(1 + draws.below(window_clusters_ + 8)),
        store_(cluster_size, limit_, draws.below(4) != 0),
        cache_(store_),
        model_(cluster_size, window_, limit_),
        target_(4 * cluster_size) {}

  ~SeqCacheModelRun() {
    for (Cluster* cluster : detached_) store_.release(cluster);
  }

  /// Empty when cache and model agreed, else what differed at which operation.
  std::string run(uint64_t operations) {
    for (operation_ = 0; operation_ < operations && !draws_.exhausted(); ++operation_) {
      step();
      compare_state();
      if (!failure_.empty()) break;
    }
    if (failure_.empty()) compare_all_bytes();
    return failure_;
  }

 private:
  using Status = SeqCache::Status;

  int64_t draw_base() {
    // The last window's end is one beyond the largest offset.
    switch (draws_.below(3)) {
      case 0:
        return 0;
      case 1:
        return int64_t{1} << 40;
      default:
        return std::numeric_limits<int64_t>::max() - static_cast<int64_t>(window_ - 1);
    }
  }

  void expect(bool agreed, const char* what) {
    if (agreed || !failure_.empty()) return;
    failure_ = std::string(what) + " differs at operation " + std::to_string(operation_) +
               ", cluster size " + std::to_string(cluster_size_) + ", base " +
               std::to_string(base_) + ", capacity " + std::to_string(limit_);
  }

  void step() {
    // Weighted by how often an owner does it; a full store makes discards more likely.
    const uint64_t draw = draws_.below(model_.in_use() == limit_ ? 128 : 100);
    if (draw < 25) return append();
    if (draw < 40) return write_within_cluster();
    if (draw < 55) return write();
    if (draw < 65) return read();
    if (draw < 80) return next_flush();
    if (draw < 83) return cache_.finish(), model_.finish();
    if (draw < 85) return detach();
    if (draw < 87) return release_detached();
    if (draw < 88) return odd_range();
    discard();
  }

  uint64_t draw_offset() {
    const uint64_t how = draws_.below(16);
    if (how < 10 && next_ < window_) return next_;
    if (how < 12) return draws_.below(window_clusters_) * cluster_size_;
    if (how < 13 && !model_.extents().empty()) {
      const auto& extents = model_.extents();
      const auto& extent = extents[draws_.below(extents.size())];
      return std::min(extent.end, window_ - 1);
    }
    return draws_.below(window_);
  }

  // Mostly small; sometimes exactly what fills the cluster, or ends a byte beside that.
  uint64_t draw_bytes(uint64_t offset, uint64_t most) {
    const uint64_t room = cluster_size_ - offset % cluster_size_;
    uint64_t bytes;
    switch (draws_.below(16)) {
      case 0:
        bytes = room;
        break;
      case 1:
        bytes = room + draws_.below(3) - 1;
        break;
      case 2:
        bytes = draws_.below(3 * cluster_size_ + 2);
        break;
      case 3:
      case 4:
        bytes = draws_.below(cluster_size_ + 1);
        break;
      case 5:
      case 6:
      case 7:
        bytes = draws_.below(cluster_size_ / 4);
        break;
      default:
        bytes = draws_.below(65);
    }
    return std::min({bytes, most, writable_from(offset)});
  }

  // The byte at INT64_MAX lies in the last window, but no range ends behind it.
  uint64_t writable_from(uint64_t offset) const {
    const auto last = static_cast<uint64_t>(std::numeric_limits<int64_t>::max() - base_);
    return std::min(window_, last) - std::min(offset, last);
  }

  int64_t place(uint64_t offset) const { return base_ + static_cast<int64_t>(offset); }

  const uint8_t* draw_source(uint64_t bytes) {
    static const std::vector<uint8_t> noise = [] {
      std::vector<uint8_t> made(size_t{1} << 20);
      std::mt19937_64 engine(1);
      for (uint8_t& byte : made) byte = static_cast<uint8_t>(engine() >> 32);
      return made;
    }();
    const uint64_t start = (operation_ * 7919) % (noise.size() / 2);
    expect(start + bytes <= noise.size(), "the harness's noise");
    return noise.data() + start;
  }

  void append() {
    const uint64_t offset = draw_offset();
    const uint64_t bytes = draw_bytes(offset, cluster_size_ + 1);
    const uint8_t* const source = draw_source(bytes);
    const bool expected = model_.appends(offset, bytes);
    expect(cache_.append(place(offset), source, bytes) == expected, "append");
    if (!expected) return;
    model_.write(offset, source, bytes);
    next_ = offset + bytes;
  }

  void write_within_cluster() {
    const uint64_t offset = draw_offset();
    const uint64_t bytes = draw_bytes(offset, window_);
    const uint8_t* const source = draw_source(bytes);
    const auto expected = model_.write_within_cluster(offset, source, bytes);
    const auto got = cache_.write_within_cluster(place(offset), source, bytes);
    expect(got.bytes == expected.bytes, "write_within_cluster's count");
    expect(got.status == expected.status, "write_within_cluster's status");
    if (expected.bytes != 0) next_ = offset + expected.bytes;
  }

  void write() {
    const uint64_t offset = draw_offset();
    const uint64_t bytes = draw_bytes(offset, window_);
    const uint8_t* const source = draw_source(bytes);
    const auto expected = model_.write(offset, source, bytes);
    const auto got = cache_.write(place(offset), source, bytes);
    expect(got.bytes == expected.bytes, "write's count");
    expect(got.status == expected.status, "write's status");
    if (expected.bytes != 0) next_ = offset + expected.bytes;
  }

  // Ranges that no file has: refused, whatever is cached, and without a look at the source.
  void odd_range() {
    const int64_t last = std::numeric_limits<int64_t>::max();
    const int64_t offset = draws_.below(2) != 0 ? -1 - static_cast<int64_t>(draws_.below(window_))
                                                : last - static_cast<int64_t>(draws_.below(5));
    const size_t bytes = draws_.below(2) != 0 ? std::numeric_limits<size_t>::max() : 6;
    const uint8_t source[6] = {};
    const auto whole = cache_.write(offset, source, bytes);
    const auto part = cache_.write_within_cluster(offset, source, bytes);
    expect(whole.bytes == 0 && whole.status == Status::kRefused, "write of an odd range");
    expect(part.bytes == 0 && part.status == Status::kRefused, "part of an odd range");
    expect(!cache_.append(offset, source, bytes), "append of an odd range");
    if (offset >= 0) return;
    expect(!cache_.accepts(offset), "accepts at a negative offset");
    expect(cache_.read(offset, target_.data(), 6) == 0, "read at a negative offset");
    cache_.discard(offset);
  }

  void read() {
    const uint64_t offset = draw_offset();
    compare_bytes(offset, draws_.below(4) == 0 ? draws_.below(target_.size()) : draws_.below(256));
  }

  void compare_bytes(uint64_t offset, uint64_t bytes) {
    const uint64_t expected = model_.readable(offset, bytes);
    const uint64_t got = cache_.read(place(offset), target_.data(), bytes);
    expect(got == expected, "read's count");
    expect(std::memcmp(target_.data(), model_.at(offset), std::min(got, expected)) == 0, "read");
  }

  void compare_all_bytes() {
    for (uint64_t offset = 0; offset < window_; offset += cluster_size_) {
      compare_bytes(offset, cluster_size_);
      compare_bytes(offset + cluster_size_ / 2, cluster_size_ / 2);
    }
    for (const auto& extent : model_.extents())
      compare_bytes(extent.start, extent.end - extent.start);
  }

  void next_flush() {
    const bool also_unfinished = draws_.below(3) == 0;
    const auto* const expected = model_.next_flush(also_unfinished);
    const Cluster* const got = cache_.next_flush(also_unfinished);
    expect((got == nullptr) == (expected == nullptr), "next_flush's presence");
    if (got == nullptr || expected == nullptr) return;
    compare_cluster(*got, *expected);
    // The usual owner: written out, then dropped, if it was a whole one.
    if (expected->finished && draws_.below(4) != 0) discard_at(expected->start);
  }

  void compare_cluster(const Cluster& got, const SeqCacheModel::Extent& expected) {
    const uint64_t skip = expected.start % cluster_size_;
    expect(got.offset == place(expected.start), "a cluster's offset");
    expect(got.bytes() == expected.end - expected.start, "a cluster's bytes");
    expect(got.finished == expected.finished, "a cluster's state");
    expect(got.room == cluster_size_ - skip, "a cluster's room");
    expect(reinterpret_cast<uintptr_t>(got.slot) % 4096 == 0, "a slot's alignment");
    expect(got.data(cluster_size_) == got.slot + skip, "a cluster's place in its slot");
    if (failure_.empty())
      expect(std::memcmp(got.data(cluster_size_), model_.at(expected.start), got.bytes()) == 0,
             "a cluster's content");
  }

  void discard() {
    const auto& extents = model_.extents();
    if (extents.empty() || draws_.below(8) == 0) return discard_at(draws_.below(window_));
    // The oldest, mostly; any byte of its range will do.
    const auto& extent = extents[draws_.below(4) != 0 ? 0 : draws_.below(extents.size())];
    const uint64_t cluster = extent.start / cluster_size_ * cluster_size_;
    discard_at(cluster + draws_.below(cluster_size_));
  }

  void discard_at(uint64_t offset) {
    cache_.discard(place(offset));
    model_.discard(offset);
  }

  void detach() {
    const auto* const expected = model_.unfinished();
    Cluster* const got = cache_.detach_unfinished();
    expect((got == nullptr) == (expected == nullptr), "detach_unfinished's presence");
    if (got == nullptr || expected == nullptr) return;
    compare_cluster(*got, *expected);
    expect(got->used.load() == (got->bytes() | Cluster::kSealed), "the seal");
    detached_.push_back(got);
    model_.detach_unfinished();
  }

  void release_detached() {
    if (detached_.empty()) return;
    store_.release(detached_.back());
    detached_.pop_back();
    model_.release_detached();
  }

  void compare_state() {
    const auto* const expected = model_.unfinished();
    const Cluster* const got = cache_.unfinished();
    expect((got == nullptr) == (expected == nullptr), "unfinished's presence");
    if (got != nullptr && expected != nullptr) {
      expect(got->offset == place(expected->start), "the unfinished cluster's offset");
      expect(got->bytes() == expected->end - expected->start, "the unfinished cluster's bytes");
    }
    expect(cache_.count() == model_.extents().size(), "count");
    expect(cache_.empty() == model_.extents().empty(), "empty");
    expect(store_.in_use() == model_.in_use(), "the number of clusters taken from the store");
    const uint64_t offset = std::min(next_, window_ - 1);
    expect(cache_.accepts(place(offset)) == model_.accepts(offset), "accepts");
    if (operation_ % 4096 == 0) compare_all_bytes();
  }

  Draws& draws_;
  const size_t cluster_size_;
  const uint64_t window_clusters_;  // more than the 16 buckets that a cache begins with
  const uint64_t window_;           // bytes of the file that are written
  const int64_t base_;              // where they begin
  const uint64_t limit_;
  ModelStore store_;
  SeqCache cache_;
  SeqCacheModel model_;
  std::vector<Cluster*> detached_;
  std::vector<uint8_t> target_;
  uint64_t next_ = 0;  // where the last write ended
  uint64_t operation_ = 0;
  std::string failure_;
};

}  // namespace seqshim::testing
