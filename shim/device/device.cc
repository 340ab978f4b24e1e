#include "shim/device/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <sys/statfs.h>

#include <algorithm>

#include "shim/device/private_fds.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr uint32_t kLeastUnit = 4096;

bool storage_is_memory(int fd) {
  struct statfs facts;
  if (sys::call_with(__NR_fstatfs, fd, &facts) != 0) return false;
  const auto type = static_cast<unsigned long>(facts.f_type);
  return type == TMPFS_MAGIC || type == RAMFS_MAGIC || type == HUGETLBFS_MAGIC;
}

/// 0: the kernel says that direct I/O is not supported here.
uint32_t alignment_unit(int direct) {
  uint32_t unit = kLeastUnit;
#ifdef STATX_DIOALIGN
  struct statx facts {};
  if (sys::call_with(__NR_statx, direct, "", AT_EMPTY_PATH, STATX_DIOALIGN, &facts) == 0 &&
      (facts.stx_mask & STATX_DIOALIGN) != 0) {
    if (facts.stx_dio_offset_align == 0) return 0;
    unit = std::max({unit, facts.stx_dio_offset_align, facts.stx_dio_mem_align});
  }
#else
  (void)direct;
#endif
  return unit;
}

/// Pages of [from, from + bytes) in the page cache; -1 when the kernel has no cachestat(2).
int64_t resident_pages(int fd, int64_t from, size_t bytes) {
  constexpr long kCachestat = 451;
  const struct { uint64_t offset, length; } range{static_cast<uint64_t>(from), bytes};
  struct {
    uint64_t cached, dirty, writeback, evicted, recently_evicted;
  } facts{};
  const long result = sys::call_with(kCachestat, fd, &range, &facts, 0);
  return result == 0 ? static_cast<int64_t>(facts.cached) : -1;
}

}  // namespace

void Device::decide(int plain, bool append) {
  if (storage_is_memory(plain)) {
    rung_ = Rung::kPlain;
    return;
  }
  direct_ = open_private_direct(plain, append ? O_APPEND : 0);
  rung_ = direct_ >= 0 ? Rung::kDirect : Rung::kDontCache;
  if (direct_ < 0) return;
  unit_ = alignment_unit(direct_);
  if (unit_ == 0) rung_ = Rung::kDontCache;
}

void Device::prepare(Transfer& transfer, int plain, size_t least_direct) const {
  transfer.plain = plain;
  transfer.direct = rung_ == Rung::kDirect ? direct_ : -1;
  transfer.rung = rung_;
  transfer.unit = unit_;
  transfer.least_direct = least_direct;
}

void Device::learn(const Transfer& transfer) {
  if (transfer.written > transfer.direct_bytes) {
    note_edge(transfer.offset, transfer.offset + static_cast<int64_t>(transfer.written));
  }
  if (rung_ == Rung::kDontCache) rung_ = transfer.rung;
  if (rung_ != Rung::kDirect) return;
  if (transfer.direct_error == EINVAL || transfer.direct_error == EOPNOTSUPP) {
    rung_ = Rung::kDontCache;
  } else if (!verified_ && transfer.direct_bytes > 0) {
    // btrfs with checksums, ext4 with data=journal and others accept O_DIRECT and buffer silently.
    const auto pages = static_cast<int64_t>(transfer.direct_bytes / kLeastUnit);
    verified_ = true;
    if (resident_pages(transfer.plain, transfer.offset, transfer.bytes) > pages / 2 + 2) {
      note_edge(transfer.offset, transfer.offset + static_cast<int64_t>(transfer.bytes));
      rung_ = Rung::kDontCache;
    }
  }
}

void Device::note_edge(int64_t from, int64_t to) {
  edges_from_ = std::min(edges_from_, from);
  edges_to_ = std::max(edges_to_, to);
}

int Device::drop_edges(int plain) {
  long result = 0;
  if (rung_ != Rung::kUndecided && rung_ != Rung::kPlain) {
    // DONTNEED keeps pages that are only partly inside the range.
    constexpr int64_t kPage = 4096;
    result = drop_from_cache(plain, edges_from_ & -kPage, (edges_to_ + kPage - 1) & -kPage);
  }
  edges_from_ = INT64_MAX;
  edges_to_ = 0;
  return result < 0 ? static_cast<int>(-result) : 0;
}

void Device::lose_direct() { direct_ = -1; }

}  // namespace seqshim
