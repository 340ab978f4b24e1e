// Gathers ten bytes with the installed core.
#include <seqshim/heap_clusters.h>
#include <seqshim/seqcache.h>

#include <cstring>

int main() {
  seqshim::HeapClusters store(seqshim::kMinClusterSize);
  seqshim::SeqCache cache(store);
  char bytes[10] = {};
  if (cache.write(0, "0123456789", sizeof bytes).status != seqshim::SeqCache::Status::kDone)
    return 1;
  if (cache.read(0, bytes, sizeof bytes) != sizeof bytes) return 1;
  cache.discard(0);
  return std::memcmp(bytes, "0123456789", sizeof bytes) == 0 && cache.empty() ? 0 : 1;
}
