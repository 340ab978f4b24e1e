#include "seqshim/seqcache_c.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <new>

#include "seqshim/heap_clusters.h"
#include "seqshim/seqcache.h"

struct SeqCache {
  explicit SeqCache(size_t cluster_size) : store(cluster_size), cache(store) {}

  seqshim::HeapClusters store;
  seqshim::SeqCache cache;
};

namespace {

constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();

// Bytes from `offset` to the end of its cluster.
int64_t room_at(const SeqCache* s, int64_t offset) {
  const auto size = static_cast<int64_t>(s->cache.cluster_size());
  return size - (offset & (size - 1));
}

// Whether every part of the write would be accepted, and the clusters that it would start.
bool accepts_all(const SeqCache* s, int64_t offset, int64_t bytes, size_t* new_clusters) {
  const seqshim::Cluster* const current = s->cache.unfinished();
  const bool continues = current != nullptr && offset == current->offset + current->bytes();
  *new_clusters = 0;
  while (bytes > 0) {
    if (!s->cache.accepts(offset)) return false;
    *new_clusters += 1;
    const int64_t part = std::min(bytes, room_at(s, offset));
    bytes -= part;
    if (bytes > 0) offset += part;
  }
  if (continues) *new_clusters -= 1;
  return true;
}

}  // namespace

SeqCache* seqcache_new(int64_t cluster_size) {
  if (cluster_size < 0 || !seqshim::valid_cluster_size(static_cast<uint64_t>(cluster_size))) {
    errno = EINVAL;
    return nullptr;
  }
  void* const place = std::malloc(sizeof(SeqCache));  // sets errno
  return place != nullptr ? ::new (place) SeqCache(static_cast<size_t>(cluster_size)) : nullptr;
}

int seqcache_free(SeqCache* s) {
  if (s == nullptr) return 0;
  if (!s->cache.empty()) return -EBUSY;
  s->~SeqCache();
  std::free(s);
  return 0;
}

int seqcache_write(SeqCache* s, int64_t offset, int64_t bytes, const uint8_t* buf) {
  if (bytes == 0) return 0;
  if (offset < 0 || bytes < 0 || bytes > kEnd - offset) return -EINVAL;
  // All or nothing: what could fail halfway is asked beforehand.
  size_t new_clusters;
  if (!accepts_all(s, offset, bytes, &new_clusters)) return -EINVAL;
  if (!s->store.reserve(new_clusters)) return -ENOMEM;
  s->cache.write(offset, buf, static_cast<size_t>(bytes));
  return 0;
}

int64_t seqcache_read(SeqCache* s, int64_t offset, int64_t bytes, uint8_t* buf) {
  if (offset < 0 || bytes <= 0) return 0;
  return static_cast<int64_t>(s->cache.read(offset, buf, static_cast<size_t>(bytes)));
}

bool seqcache_get_next_flush(SeqCache* s, int64_t* offset, int64_t* bytes, uint8_t** buf,
                             bool* unfinished) {
  seqshim::Cluster* const cluster = s->cache.next_flush(*unfinished);
  if (cluster == nullptr) return false;
  if (cluster->finished) *unfinished = false;
  *offset = cluster->offset;
  *bytes = cluster->bytes();
  *buf = reinterpret_cast<uint8_t*>(cluster->data(s->cache.cluster_size()));
  return true;
}

void seqcache_discard_cluster(SeqCache* s, int64_t offset) { s->cache.discard(offset); }

uint64_t seqcache_nb_clusters(SeqCache* s) { return s->cache.count(); }
