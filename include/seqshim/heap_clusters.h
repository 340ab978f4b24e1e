// HeapClusters: clusters from the heap, as many as there is memory for. The store for users of the
// library that don't bring one of their own.
//
// Thread-safety: none, like SeqCache.
#pragma once

#include <cstddef>
#include <cstdint>

#include "seqshim/seqcache.h"

namespace seqshim {

class HeapClusters final : public ClusterStore {
 public:
  /// With an invalid cluster size, acquire() always returns nullptr. At most `limit` clusters are
  /// in use at a time.
  explicit HeapClusters(size_t cluster_size, size_t limit = SIZE_MAX);
  /// All clusters have been released.
  ~HeapClusters();

  /// Makes sure that the next `count` acquire() succeed. False: no memory, or beyond the limit.
  bool reserve(size_t count);
  size_t in_use() const { return in_use_; }

  Cluster* acquire() override;
  void release(Cluster* cluster) override;
  Cluster** grow_buckets(size_t count) override;
  void free_buckets(Cluster** buckets) override;

 private:
  // Released clusters kept for the next acquire(): their pages are there already.
  static constexpr size_t kSpares = 4;

  Cluster* allocate() const;

  const size_t limit_;
  size_t in_use_ = 0;
  size_t spare_count_ = 0;
  Cluster* spares_ = nullptr;  // by next_written; spare_count_ of them
};

}  // namespace seqshim
