#include "seqshim/seqcache.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>

namespace seqshim {

namespace {

bool valid_range(int64_t offset, size_t bytes) {
  return offset >= 0 &&
         bytes <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max() - offset);
}

}  // namespace

SeqCache::~SeqCache() {
  while (oldest_ != nullptr) discard(oldest_->offset);
  free_grown_buckets();
}

// ---- Writing

SeqCache::Written SeqCache::write_within_cluster(int64_t offset, const void* source, size_t bytes) {
  MemorySupplier memory(source);
  return fill_within_cluster(offset, bytes, memory);
}

SeqCache::Written SeqCache::fill_within_cluster(int64_t offset, size_t bytes, Supplier& supplier) {
  if (bytes == 0) return {0, Status::kDone};
  if (!valid_range(offset, bytes) || !accepts(offset)) return {0, Status::kRefused};
  // accepts() has left two cases: the unfinished cluster's end, or a cluster that isn't cached.
  if (unfinished_ != nullptr && same_cluster(unfinished_->offset, offset))
    return continue_unfinished(bytes, supplier);
  return start_cluster(offset, bytes, supplier);
}

SeqCache::Written SeqCache::write(int64_t offset, const void* source, size_t bytes) {
  if (bytes != 0 && !valid_range(offset, bytes)) return {0, Status::kRefused};
  const auto* const from = static_cast<const std::byte*>(source);
  size_t done = 0;
  while (done < bytes) {
    const Written step =
        write_within_cluster(offset + static_cast<int64_t>(done), from + done, bytes - done);
    if (step.status != Status::kDone) return {done, step.status};
    done += step.bytes;
  }
  return {done, Status::kDone};
}

bool SeqCache::accepts(int64_t offset) const {
  if (offset < 0) return false;
  // The unfinished one isn't full, so its end lies within its own cluster.
  if (unfinished_ != nullptr && offset == unfinished_->offset + unfinished_->bytes()) return true;
  return find(offset) == nullptr;
}

size_t SeqCache::fill_room(Cluster* cluster, size_t bytes, Supplier& supplier) {
  const uint32_t used = cluster->bytes();
  const size_t most = std::min<size_t>(bytes, cluster->room - used);
  const size_t taken = supplier.fill(cluster->data(cluster_size()) + used, most);
  cluster->used.store(used + static_cast<uint32_t>(taken), std::memory_order_release);
  return taken;
}

SeqCache::Written SeqCache::continue_unfinished(size_t bytes, Supplier& supplier) {
  Cluster* const cluster = unfinished_;
  const size_t taken = fill_room(cluster, bytes, supplier);
  if (cluster->bytes() == cluster->room) finish();
  return {taken, Status::kDone};
}

SeqCache::Written SeqCache::start_cluster(int64_t offset, size_t bytes, Supplier& supplier) {
  // Room and bytes first: without them nothing may have changed, so the current cluster stays
  // unfinished.
  Cluster* const cluster = store_->acquire();
  if (cluster == nullptr) return {0, Status::kNoRoom};
  const size_t size = cluster_size();
  cluster->used.store(0, std::memory_order_relaxed);
  cluster->room = static_cast<uint32_t>(size - (static_cast<uint64_t>(offset) & (size - 1)));
  cluster->offset = offset;
  cluster->finished = false;
  const size_t taken = fill_room(cluster, bytes, supplier);
  if (taken == 0) {
    store_->release(cluster);
    return {0, Status::kDone};
  }
  finish();
  link(cluster);
  unfinished_ = cluster;
  if (cluster->bytes() == cluster->room) finish();  // filled at birth
  return {taken, Status::kDone};
}

void SeqCache::finish() {
  if (unfinished_ == nullptr) return;
  unfinished_->finished = true;
  if (next_flush_ == nullptr) next_flush_ = unfinished_;
  unfinished_ = nullptr;
}

// ---- Reading and flushing

size_t SeqCache::read(int64_t offset, void* target, size_t bytes) const {
  auto* const to = static_cast<std::byte*>(target);
  size_t done = 0;
  while (done < bytes) {
    const Cluster* const cluster = find(offset);
    if (cluster == nullptr || offset < cluster->offset) break;
    const auto skip = static_cast<uint64_t>(offset - cluster->offset);
    const uint32_t used = cluster->bytes();
    if (skip >= used) break;
    const size_t taken = std::min<size_t>(bytes - done, used - skip);
    std::memcpy(to + done, cluster->data(cluster_size()) + skip, taken);
    done += taken;
    offset += static_cast<int64_t>(taken);
  }
  return done;
}

Cluster* SeqCache::next_flush(bool also_unfinished) {
  Cluster* const cluster = next_flush_;
  if (cluster == nullptr) return also_unfinished ? unfinished_ : nullptr;
  next_flush_ = cluster->next_written != unfinished_ ? cluster->next_written : nullptr;
  return cluster;
}

void SeqCache::discard(int64_t offset) {
  Cluster* const cluster = const_cast<Cluster*>(find(offset));
  if (cluster == nullptr) return;
  unlink(cluster);
  store_->release(cluster);
}

Cluster* SeqCache::detach_unfinished() {
  Cluster* const cluster = unfinished_;
  if (cluster == nullptr) return nullptr;
  cluster->used.fetch_or(Cluster::kSealed, std::memory_order_acq_rel);
  unlink(cluster);
  return cluster;
}

void SeqCache::forget() {
  unfinished_ = oldest_ = newest_ = next_flush_ = nullptr;
  count_ = 0;
  free_grown_buckets();
  bucket_bits_ = kInlineBucketBits;
  std::fill(std::begin(inline_buckets_), std::end(inline_buckets_), nullptr);
}

// ---- Write order

void SeqCache::link(Cluster* cluster) {
  grow_buckets_if_full();
  insert_in_bucket(cluster);
  cluster->next_written = nullptr;
  cluster->previous_written = newest_;
  (newest_ != nullptr ? newest_->next_written : oldest_) = cluster;
  newest_ = cluster;
  ++count_;
}

void SeqCache::unlink(Cluster* cluster) {
  remove_from_bucket(cluster);
  Cluster* const next = cluster->next_written;
  Cluster* const previous = cluster->previous_written;
  if (next_flush_ == cluster) next_flush_ = next != unfinished_ ? next : nullptr;
  if (unfinished_ == cluster) unfinished_ = nullptr;
  (previous != nullptr ? previous->next_written : oldest_) = next;
  (next != nullptr ? next->previous_written : newest_) = previous;
  --count_;
}

// ---- Lookup

Cluster** SeqCache::bucket(int64_t offset) {
  // Multiply-shift: neighbouring cluster numbers, the usual case, land in different buckets.
  const uint64_t number = static_cast<uint64_t>(offset) >> std::countr_zero(cluster_size());
  const uint64_t hash = number * 0x9E3779B97F4A7C15u;
  Cluster** const buckets = grown_buckets_ != nullptr ? grown_buckets_ : inline_buckets_;
  return buckets + (hash >> (64 - bucket_bits_));
}

const Cluster* SeqCache::find(int64_t offset) const {
  const Cluster* cluster = *const_cast<SeqCache*>(this)->bucket(offset);
  while (cluster != nullptr && !same_cluster(cluster->offset, offset))
    cluster = cluster->next_in_bucket;
  return cluster;
}

void SeqCache::insert_in_bucket(Cluster* cluster) {
  Cluster** const head = bucket(cluster->offset);
  cluster->next_in_bucket = *head;
  *head = cluster;
}

void SeqCache::remove_from_bucket(Cluster* cluster) {
  Cluster** place = bucket(cluster->offset);
  while (*place != cluster) place = &(*place)->next_in_bucket;
  *place = cluster->next_in_bucket;
}

void SeqCache::grow_buckets_if_full() {
  // Asked only at multiples, so that a store that has no memory for it isn't asked all the time.
  if (count_ == 0 || (count_ & (bucket_count() - 1)) != 0) return;
  Cluster** const grown = store_->grow_buckets(bucket_count() * 2);
  if (grown == nullptr) return;
  free_grown_buckets();
  grown_buckets_ = grown;
  bucket_bits_ += 1;
  for (Cluster* cluster = oldest_; cluster != nullptr; cluster = cluster->next_written)
    insert_in_bucket(cluster);
}

void SeqCache::free_grown_buckets() {
  if (grown_buckets_ != nullptr) store_->free_buckets(grown_buckets_);
  grown_buckets_ = nullptr;
}

}  // namespace seqshim
