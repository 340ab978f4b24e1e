// SeqCache: gathers small sequential writes into large aligned clusters.
//
// After "util: implement seqcache" (V. Sementsov-Ogievskiy, qemu-devel, March 2021) with the
// wishes of its review met. The cache holds memory only: it does no I/O, knows no file, takes no
// lock. The owner writes into it, asks it what to flush, writes that out, and discards it.
//
// A cluster covers the bytes [k * cluster_size, (k + 1) * cluster_size) of a file. At most one
// cluster is *unfinished*: the one that the next sequential write continues. All the others are
// *finished*: immutable until they are discarded, and kept in the order they were written.
//
// Thread-safety: none; one SeqCache is used by one thread at a time. append() may be interrupted
// by a signal handler of the same thread that calls detach_unfinished(), and only by that.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace seqshim {

inline constexpr size_t kMinClusterSize = size_t{4} << 10;
inline constexpr size_t kMaxClusterSize = size_t{64} << 20;

/// A power of two from 4 KiB to 64 MiB.
constexpr bool valid_cluster_size(uint64_t bytes) {
  return bytes >= kMinClusterSize && bytes <= kMaxClusterSize && (bytes & (bytes - 1)) == 0;
}

/// One cluster and what is known of it. Lives in its store, beside or apart from its bytes.
struct Cluster {
  /// Set in `used` by detach_unfinished(): an append that was interrupted must not commit.
  static constexpr uint32_t kSealed = uint32_t{1} << 31;

  std::byte* slot;             // cluster_size bytes, aligned to at least 4096; fixed by the store
  std::atomic<uint32_t> used;  // valid bytes from `offset` on; one store commits an append
  uint32_t room;               // cluster_size - offset % cluster_size: the bytes it can ever hold
  int64_t offset;              // first byte's place in the file
  bool finished;
  Cluster* next_written;       // write order
  Cluster* next_in_bucket;     // lookup

  uint32_t bytes() const { return used.load(std::memory_order_relaxed) & ~kSealed; }
  /// First valid byte. Its address and its file offset agree modulo the cluster size, so that
  /// whatever is aligned in the file is aligned in memory, as O_DIRECT wants it.
  std::byte* data(size_t cluster_size) const {
    return slot + (static_cast<uint64_t>(offset) & (cluster_size - 1));
  }
};

/// Where clusters come from. Implementations: ClusterPool (shared memory, fixed), HeapClusters.
class ClusterStore {
 public:
  explicit constexpr ClusterStore(size_t cluster_size) : cluster_size_(cluster_size) {}
  ClusterStore(const ClusterStore&) = delete;
  ClusterStore& operator=(const ClusterStore&) = delete;

  size_t cluster_size() const { return cluster_size_; }
  /// A cluster with `slot` set, all else undefined; nullptr when there is none left.
  virtual Cluster* acquire() = 0;
  virtual void release(Cluster* cluster) = 0;
  /// `count` zeroed bucket heads for a cache that has outgrown its own, or nullptr to go on with
  /// the ones it has (longer chains, still exact).
  virtual Cluster** grow_buckets(size_t count) = 0;
  virtual void free_buckets(Cluster** buckets) = 0;

 protected:
  ~ClusterStore() = default;

 private:
  const size_t cluster_size_;
};

class SeqCache {
 public:
  enum class Status : uint8_t {
    kDone,     // all bytes accepted
    kRefused,  // the next byte lies in a cached cluster, but not at the unfinished one's end
    kNoRoom,   // the store has no cluster left
  };
  struct Written {
    size_t bytes;  // accepted, from the front
    Status status;
  };

  explicit SeqCache(ClusterStore& store) : store_(&store) {}
  SeqCache(const SeqCache&) = delete;
  SeqCache& operator=(const SeqCache&) = delete;
  /// The cache must be empty: its clusters belong to the store.
  ~SeqCache();

  size_t cluster_size() const { return store_->cluster_size(); }

  /// The hot path: continues the unfinished cluster without filling it. False, and nothing
  /// changed, when the bytes don't continue it, fill it or exceed it.
  bool append(int64_t offset, const void* source, size_t bytes) {
    Cluster* const cluster = unfinished_;
    if (cluster == nullptr) return false;
    uint32_t used = cluster->used.load(std::memory_order_relaxed);
    if (offset != cluster->offset + used || bytes >= cluster->room - used) return false;
    std::memcpy(cluster->data(cluster_size()) + used, source, bytes);
    return cluster->used.compare_exchange_strong(used, used + static_cast<uint32_t>(bytes),
                                                 std::memory_order_release,
                                                 std::memory_order_relaxed);
  }

  /// Accepts bytes up to the end of the cluster that holds `offset`, so that the owner can flush
  /// between two clusters. kDone with fewer bytes than asked means: call again for the rest.
  Written write_within_cluster(int64_t offset, const void* source, size_t bytes);
  /// Splits at cluster bounds. Stops at the first refusal; what was accepted before it stays.
  Written write(int64_t offset, const void* source, size_t bytes);

  /// Copies from `offset` up to the first byte that isn't cached; returns the count.
  size_t read(int64_t offset, void* target, size_t bytes) const;

  /// The next finished cluster in write order, each only once; after them, if asked for, the
  /// unfinished one, as often as asked. Nothing is removed. nullptr: nothing to flush.
  Cluster* next_flush(bool also_unfinished);

  /// Finishes the unfinished cluster as it is, so that next_flush returns it.
  void finish();

  /// Removes the cluster that holds `offset` (any offset within its file range) and gives it back
  /// to the store. No such cluster: nothing happens.
  void discard(int64_t offset);

  /// Removes the unfinished cluster without giving it back: the caller releases it to the store
  /// later. An append() that is interrupted by the caller fails to commit. nullptr: none.
  Cluster* detach_unfinished();

  const Cluster* unfinished() const { return unfinished_; }
  /// Finished and unfinished clusters.
  size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }

 private:
  static constexpr size_t kInlineBuckets = 16;
  ClusterStore* store_;
  Cluster* unfinished_ = nullptr;
  // ... write-order list, flush iterator, buckets
  size_t count_ = 0;
};

}  // namespace seqshim
