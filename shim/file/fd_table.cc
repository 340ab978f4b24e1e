#include "shim/file/fd_table.h"

#include "shim/system/map_pages.h"

namespace seqshim {
namespace {

/// A forked child finds neither the chunk nor, in its emptied table, the way to it.
void* map_chunk(size_t bytes) {
  void* const chunk = sys::map_pages(bytes);
  if (chunk == nullptr || sys::call_with(__NR_madvise, chunk, bytes, MADV_DONTFORK) == 0)
    return chunk;
  sys::unmap_pages(chunk, bytes);
  return nullptr;
}

}  // namespace

FdEntry FdTable::far_entry(unsigned number) const {
  if (number >= kDescriptorLimit) return FdEntry::foreign();
  const Word* const chunk = far_[number / kNear].load(std::memory_order_acquire);
  if (chunk == nullptr) return FdEntry::unknown();
  return FdEntry(chunk[number % kNear].load(std::memory_order_acquire));
}

FdTable::Word* FdTable::word_of(unsigned number, bool wanted) {
  if (number < kNear) return &near_[number];
  if (number >= kDescriptorLimit) return nullptr;
  std::atomic<Word*>& place = far_[number / kNear];
  Word* chunk = place.load(std::memory_order_acquire);
  if (chunk == nullptr && wanted) {
    constexpr size_t kBytes = kNear * sizeof(Word);
    auto* const mapped = static_cast<Word*>(map_chunk(kBytes));
    if (mapped == nullptr) return nullptr;
    if (place.compare_exchange_strong(chunk, mapped, std::memory_order_acq_rel))
      chunk = mapped;
    else  // another thread was first
      sys::unmap_pages(mapped, kBytes);
  }
  return chunk != nullptr ? chunk + number % kNear : nullptr;
}

}  // namespace seqshim
