// ClusterPool: a fixed number of clusters in one shared memory file, for all caches of a process.
//
// Shared, so that the clusters outlive a killed process as long as someone else (the guard) has
// the file, that fork doesn't copy them, and that O_DIRECT may pin their pages. segment.h tells the
// layout. No page is touched before a cluster in it is used, and a cluster used before is preferred
// to a new one.
//
// Thread-safety: acquire, release and available may be called by several threads at once, each
// with its signals blocked; the others by one while nobody else uses the pool.
#pragma once

#include <atomic>
#include <cstddef>

#include "seqshim/seqcache.h"
#include "shim/cache/huge_pages.h"
#include "shim/cache/segment.h"
#include "shim/system/mutex.h"

namespace seqshim {

class ClusterPool final : public ClusterStore {
 public:
  /// Unusable until create(): no slots, acquire() returns nullptr. Its cluster size is a valid one
  /// nevertheless, so that a cache on it is an ordinary cache without room.
  constexpr ClusterPool() : ClusterStore(kMinClusterSize) {}

  /// `memory` / `cluster_size` slots, two at least. False, and still unusable, when a size is
  /// invalid, the pool was created before, or the kernel refuses (address space, or a
  /// file size limit below the pool's: exceeding it would raise SIGXFSZ in the program).
  bool create(size_t memory, size_t cluster_size);
  /// Unmaps and closes everything. No cluster may be in use.
  void destroy();
  /// Back to unusable without unmapping, for the child of a fork, where the mapping doesn't exist
  /// (MADV_DONTFORK). The descriptor does exist there: close_descriptor() first.
  void forget();

  /// The memory file, close-on-exec, or -1: there is none where the kernel or a sandbox has no
  /// memfd_create. The mapping needs it no more: who moves it elsewhere
  /// duplicates it and closes this one.
  int memfd() const { return memfd_; }
  void close_descriptor();
  /// Where it is mapped.
  std::byte* base() const { return base_; }
  size_t mapped_bytes() const { return mapped_bytes_; }

  size_t slots() const { return slots_.load(std::memory_order_acquire); }
  /// Clusters that acquire() could hand out now.
  size_t available() const { return available_.load(std::memory_order_relaxed); }

  Cluster* acquire() override;
  /// Also strikes it from the ledger.
  void release(Cluster* cluster) override;

  /// What the guard is told of a cluster of this pool.
  static Ledger& ledger_of(const Cluster& cluster) {
    return reinterpret_cast<Entry*>(const_cast<Cluster*>(&cluster))->ledger;
  }
  /// kIdle, and the caller's; nullptr: all are taken.
  Reservation* take_reservation();
  static void give_back(Reservation* reservation);
  /// Only of a pool that has slots.
  Segment segment() const { return {base_, cluster_size_, slots()}; }

  /// Private memory of its own mapping: it exists in a forked child too.
  Cluster** grow_buckets(size_t count) override;
  void free_buckets(Cluster** buckets) override;

 private:
  bool map(size_t bytes);
  Cluster* take(bool& much);
  Cluster* first_use();

  /// Of clusters handed out before huge pages are worth their making: a file of 3 MiB isn't.
  static constexpr size_t kWorthHugePages = size_t{4} << 20;

  std::byte* base_ = nullptr;
  size_t mapped_bytes_ = 0;
  HugePages huge_pages_;          // of the slots
  std::atomic<size_t> slots_{0};  // set last: whoever sees it sees the rest
  int memfd_ = -1;

  Mutex lock_;
  // Under lock_: slots below never_used_ are in use or on the free list, the others untouched.
  size_t never_used_ = 0;
  size_t handed_out_ = 0;    // bytes, all in all
  Cluster* free_ = nullptr;  // by next_written, last released first: its pages are warm
  std::atomic<size_t> available_{0};
};

}  // namespace seqshim
