#include "shim/cache/huge_pages.h"

#include <errno.h>

#include <algorithm>

#include "shim/system/map_pages.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

namespace seqshim {

std::byte* HugePages::map(size_t bytes, int flags, int fd) {
  auto* const anywhere = static_cast<std::byte*>(sys::map_pages(
      bytes + kBytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE));  // whose place it takes
  if (bytes < kBytes || anywhere == nullptr) {
    if (anywhere != nullptr) sys::unmap_pages(anywhere, bytes + kBytes);
    return static_cast<std::byte*>(sys::map_pages(bytes, flags, fd));
  }
  const size_t before = -reinterpret_cast<uintptr_t>(anywhere) & (kBytes - 1);
  std::byte* const start = anywhere + before;
  const long result =
      sys::call_with(__NR_mmap, start, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0L);
  const size_t end = (bytes + 4095) & ~size_t{4095};
  if (before > 0) sys::unmap_pages(anywhere, before);
  if (end < bytes + kBytes - before) sys::unmap_pages(start + end, bytes + kBytes - before - end);
  if (result >= 0 || result <= -4096) return start;
  sys::unmap_pages(start, end);
  return nullptr;
}

void HugePages::set_memory(std::byte* base, size_t bytes) {
  base_ = base;
  const bool fits = (reinterpret_cast<uintptr_t>(base) & (kBytes - 1)) == 0;
  count_ = fits ? std::min(bytes / kBytes, kMost) : 0;
  for (std::atomic<uint8_t>& tries : tries_) tries.store(0, std::memory_order_relaxed);
}

void HugePages::gather(const std::byte* start, size_t bytes) {
  const auto from = static_cast<size_t>(start - base_);
  for (size_t i = from / kBytes; i < count_ && i * kBytes < from + bytes; ++i) gather_one(i);
}

void HugePages::gather_one(size_t index) {
  std::atomic<uint8_t>& tries = tries_[index];
  if (tries.load(std::memory_order_relaxed) >= kTries) return;
  std::byte* const page = base_ + index * kBytes;
  // There must be one page to begin with.
  const auto first = std::atomic_ref(*reinterpret_cast<uint8_t*>(page));
  first.fetch_or(0, std::memory_order_relaxed);
  const long result = sys::call_with(__NR_madvise, page, kBytes, MADV_COLLAPSE);
  // Busy pages may be gathered another time; a kernel that can't never will.
  const bool again = result == -EAGAIN || result == -EBUSY;
  tries.store(again ? tries.load(std::memory_order_relaxed) + 1 : kTries,
              std::memory_order_relaxed);
}

}  // namespace seqshim
