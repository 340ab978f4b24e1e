#include "shim/cache/cluster_pool.h"

#include <linux/memfd.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>

#include "shim/system/map_pages.h"

namespace seqshim {

namespace {

// The largest pool; far beyond any machine, and sums of two such sizes don't overflow.
constexpr size_t kMaxBytes = size_t{1} << 46;
constexpr size_t kMinSlots = 2;

// The size of a bucket mapping stands in front of it, in a cache line of its own.
constexpr size_t kBucketFront = 64;

// What ftruncate holds against RLIMIT_FSIZE; asked first, since it would send SIGXFSZ.
bool file_may_have(size_t bytes) {
  struct {
    uint64_t soft, hard;
  } limit;
  if (sys::call_with(__NR_prlimit64, 0, RLIMIT_FSIZE, nullptr, &limit) != 0) return false;
  return bytes <= limit.soft;
}

}  // namespace

bool ClusterPool::create(size_t memory, size_t cluster_size) {
  if (base_ != nullptr || !valid_cluster_size(cluster_size) || memory > kMaxBytes) return false;
  const size_t slots = std::max(memory / cluster_size, kMinSlots);
  if (!map(Segment::bytes_for(cluster_size, slots))) {
    destroy();
    return false;
  }
  cluster_size_ = cluster_size;
  huge_pages_.set_memory(base_, slots * cluster_size);
  available_.store(slots, std::memory_order_relaxed);
  slots_.store(slots, std::memory_order_release);
  return true;
}

bool ClusterPool::map(size_t bytes) {
  if (!file_may_have(bytes)) return false;
  memfd_ = static_cast<int>(sys::call_with(__NR_memfd_create, "seqshim-pool", MFD_CLOEXEC));
  if (memfd_ >= 0 && sys::call_with(__NR_ftruncate, memfd_, bytes) != 0) return false;
  // Where sandboxes forbid memory files, memory without one does, though nobody else can reach it.
  base_ = HugePages::map(bytes, memfd_ >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS, memfd_);
  mapped_bytes_ = bytes;
  // A child that could reach the parent's clusters would write into the parent's files.
  return base_ != nullptr && sys::call_with(__NR_madvise, base_, bytes, MADV_DONTFORK) == 0;
}

void ClusterPool::destroy() {
  if (base_ != nullptr) sys::unmap_pages(base_, mapped_bytes_);
  close_descriptor();
  forget();
}

void ClusterPool::forget() {
  cluster_size_ = kMinClusterSize;
  base_ = nullptr;
  mapped_bytes_ = 0;
  slots_.store(0, std::memory_order_relaxed);
  memfd_ = -1;
  lock_.reset();
  never_used_ = handed_out_ = 0;
  free_ = nullptr;
  huge_pages_.set_memory(nullptr, 0);
  available_.store(0, std::memory_order_relaxed);
}

void ClusterPool::close_descriptor() {
  if (memfd_ >= 0) sys::call_with(__NR_close, memfd_);
  memfd_ = -1;
}

Cluster* ClusterPool::acquire() {
  bool much = false;
  Cluster* const cluster = take(much);
  if (cluster != nullptr && much) huge_pages_.gather(cluster->slot, cluster_size_);
  return cluster;
}

/// `much`: so much was handed out that more will be.
Cluster* ClusterPool::take(bool& much) {
  MutexLock guard(lock_);
  Cluster* cluster = free_;
  if (cluster != nullptr)
    free_ = cluster->next_written;
  else if (never_used_ < slots())
    cluster = first_use();
  else
    return nullptr;
  available_.fetch_sub(1, std::memory_order_relaxed);
  much = handed_out_ >= kWorthHugePages;
  handed_out_ += cluster_size_;
  return cluster;
}

void ClusterPool::release(Cluster* cluster) {
  ledger_of(*cluster).state.store(Ledger::kFree, std::memory_order_release);
  MutexLock guard(lock_);
  cluster->next_written = free_;
  free_ = cluster;
  available_.fetch_add(1, std::memory_order_relaxed);
}

Cluster* ClusterPool::first_use() {
  const size_t index = never_used_++;
  const Segment memory = segment();
  auto* const cluster = ::new (&memory.entry(index).cluster) Cluster;
  cluster->slot = memory.slot(index);
  memory.words().used_entries.store(static_cast<uint32_t>(never_used_), std::memory_order_release);
  return cluster;
}

Reservation* ClusterPool::take_reservation() {
  for (size_t i = 0; i < Segment::kReservations; ++i) {
    Reservation& one = segment().reservation(i);
    uint32_t free = Reservation::kFree;
    if (one.state.compare_exchange_strong(free, Reservation::kIdle)) return &one;
  }
  return nullptr;
}

void ClusterPool::give_back(Reservation* reservation) {
  reservation->state.store(Reservation::kFree, std::memory_order_release);
}

Cluster** ClusterPool::grow_buckets(size_t count) {
  if (count > kMaxBytes / sizeof(Cluster*)) return nullptr;
  const size_t bytes = kBucketFront + count * sizeof(Cluster*);
  auto* const start = static_cast<std::byte*>(sys::map_pages(bytes));
  if (start == nullptr) return nullptr;
  ::new (start) size_t(bytes);
  return reinterpret_cast<Cluster**>(start + kBucketFront);
}

void ClusterPool::free_buckets(Cluster** buckets) {
  std::byte* const start = reinterpret_cast<std::byte*>(buckets) - kBucketFront;
  sys::unmap_pages(start, *reinterpret_cast<size_t*>(start));
}

}  // namespace seqshim
