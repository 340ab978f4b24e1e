// What the core costs: SeqCache as an owner uses it, without a file behind it.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <vector>

#include "seqshim/heap_clusters.h"
#include "seqshim/seqcache.h"
#include "shim/cache/cluster_pool.h"

namespace seqshim {
namespace {

constexpr size_t kClusterSize = size_t{1} << 20;
constexpr size_t kDepth = 5;

const std::vector<std::byte>& source() {
  static const std::vector<std::byte> bytes(64 << 10, std::byte{'x'});
  return bytes;
}

ClusterPool& pool() {
  static constinit ClusterPool made;
  static const bool once = made.create(kDepth * kClusterSize, kClusterSize);
  if (!once) std::abort();
  return made;
}

void discard_finished(SeqCache& cache) {
  while (const Cluster* cluster = cache.next_flush(false)) cache.discard(cluster->offset);
}

void count(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * state.range(0));
}

// The floor: the copy alone, into the same five megabytes.
void BM_CopyAlone(benchmark::State& state) {
  const auto bytes = static_cast<size_t>(state.range(0));
  std::vector<std::byte> target(kDepth * kClusterSize);
  size_t position = 0;
  for (auto _ : state) {
    if (position + bytes > target.size()) position = 0;
    std::memcpy(target.data() + position, source().data(), bytes);
    benchmark::ClobberMemory();
    position += bytes;
  }
  count(state);
}

// An owner's write(): append(), and for what fills a cluster the slow path with flush and discard.
void BM_AppendElseWrite(benchmark::State& state) {
  const auto bytes = static_cast<size_t>(state.range(0));
  SeqCache cache(pool());
  int64_t position = 0;
  for (auto _ : state) {
    if (!cache.append(position, source().data(), bytes)) {
      cache.write(position, source().data(), bytes);
      discard_finished(cache);
    }
    benchmark::ClobberMemory();
    position += static_cast<int64_t>(bytes);
  }
  count(state);
}

void BM_Write(benchmark::State& state) {
  const auto bytes = static_cast<size_t>(state.range(0));
  SeqCache cache(pool());
  int64_t position = 0;
  for (auto _ : state) {
    cache.write(position, source().data(), bytes);
    discard_finished(cache);
    benchmark::ClobberMemory();
    position += static_cast<int64_t>(bytes);
  }
  count(state);
}

// One lookup among `range` cached clusters, a power of two; every second hits.
void BM_Lookup(benchmark::State& state) {
  const auto clusters = state.range(0);
  HeapClusters store(kMinClusterSize);
  SeqCache cache(store);
  for (int64_t i = 0; i < clusters; ++i)
    cache.write(i * 2 * static_cast<int64_t>(kMinClusterSize), source().data(), kMinClusterSize);
  int64_t cluster = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(cache.accepts(cluster * static_cast<int64_t>(kMinClusterSize)));
    cluster = (cluster + 7) & (2 * clusters - 1);
  }
}

void BM_Read(benchmark::State& state) {
  const auto bytes = static_cast<size_t>(state.range(0));
  SeqCache cache(pool());
  std::vector<std::byte> target(bytes);
  constexpr int64_t kCached = 4 * static_cast<int64_t>(kClusterSize);
  for (int64_t at = 0; at < kCached; at += static_cast<int64_t>(source().size()))
    cache.write(at, source().data(), source().size());
  int64_t position = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(cache.read(position, target.data(), bytes));
    benchmark::ClobberMemory();
    position += static_cast<int64_t>(bytes);
    if (position + static_cast<int64_t>(bytes) > kCached) position = 0;
  }
  count(state);
}

void BM_PoolAcquireRelease(benchmark::State& state) {
  for (auto _ : state) {
    Cluster* cluster = pool().acquire();
    benchmark::DoNotOptimize(cluster);
    pool().release(cluster);
  }
}

BENCHMARK(BM_CopyAlone)->Arg(64)->Arg(512)->Arg(4096)->Arg(10240);
BENCHMARK(BM_AppendElseWrite)->Arg(64)->Arg(512)->Arg(4096)->Arg(10240);
BENCHMARK(BM_Write)->Arg(64)->Arg(512)->Arg(4096)->Arg(10240);
BENCHMARK(BM_Lookup)->Arg(4)->Arg(64)->Arg(4096);
BENCHMARK(BM_Read)->Arg(64)->Arg(512)->Arg(4096)->Arg(10240);
BENCHMARK(BM_PoolAcquireRelease);

}  // namespace
}  // namespace seqshim

BENCHMARK_MAIN();
