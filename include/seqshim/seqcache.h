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

#include "seqshim/streaming_copy.h"

namespace seqshim {

inline constexpr size_t kMinClusterSize = size_t{4} << 10;
inline constexpr size_t kMaxClusterSize = size_t{64} << 20;

/// A power of two from 4 KiB to 64 MiB.
constexpr bool valid_cluster_size(uint64_t bytes) {
  return bytes >= kMinClusterSize && bytes <= kMaxClusterSize && (bytes & (bytes - 1)) == 0;
}

/// One cluster and what is known of it. Lives in its store, apart from its bytes; one cache line.
struct alignas(64) Cluster {
  /// Set in `used` by detach_unfinished(): an append that was interrupted must not commit.
  static constexpr uint32_t kSealed = uint32_t{1} << 31;

  std::byte* slot;             // cluster_size bytes, aligned to 4096 at least; set by the store
  std::atomic<uint32_t> used;  // valid bytes from `offset` on; one store commits an append
  uint32_t room;               // cluster_size - offset % cluster_size: the bytes it can ever hold
  int64_t offset;              // first byte's place in the file
  bool finished;
  Cluster* next_written;      // write order, while cached; the store's own use otherwise
  Cluster* previous_written;  // write order
  Cluster* next_in_bucket;    // lookup

  /// Another process that sees the number sees the bytes.
  uint32_t bytes() const { return used.load(std::memory_order_acquire) & ~kSealed; }
  /// First valid byte. It lies as far into the slot as `offset` into its cluster, so that whatever
  /// is aligned to 4096 in the file is so in memory, as O_DIRECT wants it.
  std::byte* data(size_t cluster_size) const {
    return slot + (static_cast<uint64_t>(offset) & (cluster_size - 1));
  }
};
static_assert(sizeof(Cluster) == 64);

/// Where clusters come from. Implementations: ClusterPool (shared memory, fixed), HeapClusters.
class ClusterStore {
 public:
  ClusterStore(const ClusterStore&) = delete;
  ClusterStore& operator=(const ClusterStore&) = delete;

  /// A valid cluster size, and the same one as long as a cache uses the store.
  size_t cluster_size() const { return cluster_size_; }
  /// A cluster with `slot` set, all else undefined; nullptr when there is none left.
  virtual Cluster* acquire() = 0;
  virtual void release(Cluster* cluster) = 0;
  /// `count` zeroed bucket heads for a cache that has outgrown its own, or nullptr to go on with
  /// the ones it has (longer chains, still exact).
  virtual Cluster** grow_buckets(size_t count) = 0;
  virtual void free_buckets(Cluster** buckets) = 0;

 protected:
  explicit constexpr ClusterStore(size_t cluster_size) : cluster_size_(cluster_size) {}
  ~ClusterStore() = default;

  size_t cluster_size_;
};

/// What a cluster is filled from, when it isn't memory. Implementations may block and may fail.
class Supplier {
 public:
  Supplier(const Supplier&) = delete;
  Supplier& operator=(const Supplier&) = delete;

  /// Puts the next bytes at `target`, at most `bytes`; returns how many. 0: there are no more.
  virtual size_t fill(std::byte* target, size_t bytes) = 0;

 protected:
  constexpr Supplier() = default;
  ~Supplier() = default;
};

class MemorySupplier final : public Supplier {
 public:
  explicit MemorySupplier(const void* source) : next_(static_cast<const std::byte*>(source)) {}
  size_t fill(std::byte* target, size_t bytes) override {
    copy_for_device(target, next_, bytes);
    next_ += bytes;
    return bytes;
  }

 private:
  const std::byte* next_;
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

  explicit constexpr SeqCache(ClusterStore& store) : store_(&store) {}
  SeqCache(const SeqCache&) = delete;
  SeqCache& operator=(const SeqCache&) = delete;
  /// The owner empties the cache first. What is left goes back to the store, its bytes are lost.
  ~SeqCache();

  size_t cluster_size() const { return store_->cluster_size(); }

  /// The hot path: continues the unfinished cluster without filling it. False, and nothing
  /// changed, when the bytes don't continue it, fill it or exceed it.
  bool append(int64_t offset, const void* source, size_t bytes) {
    Cluster* const cluster = unfinished_;
    if (cluster == nullptr) return false;
    // Looked up first: should the cluster's memory be emptied under an interrupted append (by a
    // fork in a handler, in the child), the checks below find no room in it.
    std::byte* const start = cluster->data(cluster_size());
    std::atomic_signal_fence(std::memory_order_seq_cst);
    const uint32_t used = cluster->used.load(std::memory_order_relaxed);
    if (offset != cluster->offset + used) return false;
    // A cluster sealed since it was looked up is taken for full: kSealed exceeds any room.
    const uint32_t room = cluster->room;
    if (bytes >= room || used + bytes >= room) return false;
    copy_for_device(start + used, source, bytes);
    return commit(cluster->used, used, used + static_cast<uint32_t>(bytes));
  }

  /// Accepts bytes up to the end of the cluster that holds `offset`, so that the owner can flush
  /// between two clusters. kDone with fewer bytes than asked means: call again for the rest.
  /// A negative offset, or a range that exceeds INT64_MAX, is refused. No bytes: kDone, always.
  Written write_within_cluster(int64_t offset, const void* source, size_t bytes);
  /// The same with bytes that `supplier` puts in place, asked once for as many as the cluster
  /// takes. kDone with none at all: it had none.
  Written fill_within_cluster(int64_t offset, size_t bytes, Supplier& supplier);
  /// Splits at cluster bounds. Stops at the first refusal; what was accepted before it stays.
  Written write(int64_t offset, const void* source, size_t bytes);

  /// Whether write() would accept the first byte at `offset`, given room in the store.
  bool accepts(int64_t offset) const;

  /// Copies from `offset` up to the first byte that isn't cached; returns the count.
  size_t read(int64_t offset, void* target, size_t bytes) const;

  /// The next finished cluster in write order, each only once; after them, if asked for, the
  /// unfinished one, as often as asked, also between the writes that continue it. Nothing is
  /// removed and the cluster stays the cache's own: reads are served from it until it is
  /// discarded, which frees its bytes. nullptr: nothing to flush.
  Cluster* next_flush(bool also_unfinished);

  /// Finishes the unfinished cluster as it is, so that next_flush returns it.
  void finish();

  /// Removes the cluster that holds `offset` (any offset within its file range) and gives it back
  /// to the store: flushed or not, finished or not. No such cluster: nothing happens.
  void discard(int64_t offset);

  /// Removes the unfinished cluster without giving it back: the caller releases it to the store
  /// later, but not before an append() that it interrupted has returned (false: the cluster is
  /// sealed, it can't commit). nullptr: none.
  Cluster* detach_unfinished();

  /// Becomes empty without touching a cluster or giving one back: for the child of a fork, where
  /// the store's memory is gone (MADV_DONTFORK).
  void forget();

  const Cluster* unfinished() const { return unfinished_; }
  /// The last one in write order.
  const Cluster* newest() const { return newest_; }
  /// Finished and unfinished clusters.
  size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }

 private:
  static constexpr uint32_t kInlineBucketBits = 4;

  /// Sets `used` to `now` unless it isn't `seen` any more, in one step that no signal divides.
  static bool commit(std::atomic<uint32_t>& used, uint32_t seen, uint32_t now) {
#if defined(__x86_64__)
    // Against a handler of the same thread one instruction is enough. The lock prefix, which keeps
    // other processors out too, would cost more than a 64-byte copy. Stores stay in order anyway.
    bool done;
    asm volatile("cmpxchgl %[now], %[used]"
                 : [used] "+m"(used), "+a"(seen), "=@ccz"(done)
                 : [now] "r"(now)
                 : "memory");
    return done;
#else
    return used.compare_exchange_strong(seen, now, std::memory_order_release,
                                        std::memory_order_acquire);
#endif
  }

  bool same_cluster(int64_t a, int64_t b) const {
    return (static_cast<uint64_t>(a ^ b) & ~uint64_t{cluster_size() - 1}) == 0;
  }
  size_t bucket_count() const { return size_t{1} << bucket_bits_; }
  Cluster** bucket(int64_t offset);
  const Cluster* find(int64_t offset) const;
  void insert_in_bucket(Cluster* cluster);
  void remove_from_bucket(Cluster* cluster);
  void grow_buckets_if_full();
  void free_grown_buckets();

  size_t fill_room(Cluster* cluster, size_t bytes, Supplier& supplier);
  Written continue_unfinished(size_t bytes, Supplier& supplier);
  Written start_cluster(int64_t offset, size_t bytes, Supplier& supplier);
  void link(Cluster* cluster);
  void unlink(Cluster* cluster);

  ClusterStore* store_;
  // The cluster that the next sequential write continues: the last one in write order, holds at
  // least one byte and has room for at least one more. All the others in the list are finished.
  Cluster* unfinished_ = nullptr;
  Cluster* oldest_ = nullptr;  // write order
  Cluster* newest_ = nullptr;
  // The first finished cluster that next_flush has not returned yet; all after it up to the
  // unfinished one are such too.
  Cluster* next_flush_ = nullptr;
  size_t count_ = 0;
  // Lookup: chains of clusters by hashed cluster number. Every cluster in the list is in exactly
  // one chain. grown_buckets_, once there, takes the place of inline_buckets_.
  uint32_t bucket_bits_ = kInlineBucketBits;
  Cluster** grown_buckets_ = nullptr;
  Cluster* inline_buckets_[size_t{1} << kInlineBucketBits] = {};
};

}  // namespace seqshim
