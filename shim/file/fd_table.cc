#include "shim/file/fd_table.h"

#include <sys/mman.h>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// A forked child finds neither the chunk nor, in its emptied table, the way to it.
void* map_chunk(size_t bytes) {
  const long address = sys::call_with(__NR_mmap, nullptr, bytes, PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
  if (address < 0 && address > -4096) return nullptr;
  if (sys::call_with(__NR_madvise, address, bytes, MADV_DONTFORK) == 0)
    return reinterpret_cast<void*>(address);
  sys::call_with(__NR_munmap, address, bytes);
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
      sys::call_with(__NR_munmap, mapped, kBytes);
  }
  return chunk != nullptr ? chunk + number % kNear : nullptr;
}

}  // namespace seqshim
