#include "seqshim/heap_clusters.h"

#include <cstdlib>
#include <new>

namespace seqshim {

namespace {

constexpr size_t kSlotAlignment = 4096;

void free_cluster(Cluster* cluster) {
  std::free(cluster->slot);
  std::free(cluster);
}

}  // namespace

HeapClusters::HeapClusters(size_t cluster_size, size_t limit)
    : ClusterStore(valid_cluster_size(cluster_size) ? cluster_size : kMinClusterSize),
      limit_(valid_cluster_size(cluster_size) ? limit : 0) {}

HeapClusters::~HeapClusters() {
  while (spares_ != nullptr) {
    Cluster* const cluster = spares_;
    spares_ = cluster->next_written;
    free_cluster(cluster);
  }
}

bool HeapClusters::reserve(size_t count) {
  if (count > limit_ - in_use_) return false;
  while (spare_count_ < count) {
    Cluster* const cluster = allocate();
    if (cluster == nullptr) return false;
    cluster->next_written = spares_;
    spares_ = cluster;
    ++spare_count_;
  }
  return true;
}

Cluster* HeapClusters::acquire() {
  if (!reserve(1)) return nullptr;
  Cluster* const cluster = spares_;
  spares_ = cluster->next_written;
  --spare_count_;
  ++in_use_;
  return cluster;
}

void HeapClusters::release(Cluster* cluster) {
  --in_use_;
  if (spare_count_ >= kSpares) return free_cluster(cluster);
  cluster->next_written = spares_;
  spares_ = cluster;
  ++spare_count_;
}

// Not one allocation for both: a power of two fits its size class, one and a bit wastes another.
Cluster* HeapClusters::allocate() const {
  void* const place = std::aligned_alloc(alignof(Cluster), sizeof(Cluster));
  void* const slot = std::aligned_alloc(kSlotAlignment, cluster_size());
  if (place == nullptr || slot == nullptr) {
    std::free(place);
    std::free(slot);
    return nullptr;
  }
  auto* const cluster = ::new (place) Cluster;
  cluster->slot = static_cast<std::byte*>(slot);
  return cluster;
}

Cluster** HeapClusters::grow_buckets(size_t count) {
  return static_cast<Cluster**>(std::calloc(count, sizeof(Cluster*)));
}

void HeapClusters::free_buckets(Cluster** buckets) { std::free(buckets); }

}  // namespace seqshim
