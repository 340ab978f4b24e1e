#include "shim/device/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>

#include <algorithm>
#include <bit>

#include "shim/device/private_fds.h"
#include "shim/device/residency.h"
#include "shim/system/file_system_type.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr uint32_t kLeastUnit = 4096;
/// Of fewer bytes the pages at both ends, which others may hold, would be too many.
constexpr size_t kWorthVerifying = size_t{64} << 10;

/// Whether a direct write beyond the end that fails in its middle leaves the end where it was. FUSE
/// and network file systems make several requests of a large one, and carry out those behind the
/// one that fails.
bool writes_as_one(unsigned long type) { return type == EXT4_SUPER_MAGIC || type == sys::kXfs; }

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
  return std::has_single_bit(unit) ? unit : 0;
}

/// What a direct write fails with for reasons that another one need not have.
bool says_nothing_of_the_way(int error) {
  return error == 0 || error == ENOSPC || error == EDQUOT || error == EFBIG || error == EINTR ||
         error == EAGAIN;
}

}  // namespace

void Device::decide(int plain, bool append) {
  const unsigned long type = sys::file_system_type(plain);
  if (sys::lives_in_memory(type)) {
    rung_ = Rung::kPlain;
    return;
  }
  alone_ = append || !writes_as_one(type);
  // What is appended can't be written again: neither where a call was short, nor behind the part of
  // it that failed.
  if (append && !writes_as_one(type)) {
    rung_ = Rung::kDontCache;
    return;
  }
  direct_ = open_private_direct(plain, append ? O_APPEND : 0);
  rung_ = direct_ >= 0 ? Rung::kDirect : Rung::kDontCache;
  if (direct_ < 0) return;
  unit_ = alignment_unit(direct_);
  if (unit_ == 0) rung_ = Rung::kDontCache;
}

void Device::prepare(Transfer& transfer, int plain, size_t least_direct) {
  transfer.file = file_;
  transfer.plain = plain;
  transfer.refusal = &refusal_;
  transfer.pace = &pace_;
  transfer.direct = usable_direct();
  transfer.rung = rung_;
  transfer.unit = unit_;
  transfer.alone = alone_;
  transfer.least_direct = least_direct;
}

int Device::learn(const Transfer& transfer) {
  if (transfer.written > transfer.direct_bytes) note_edges(transfer);
  // Only ever down: it may have been under way since before the last step.
  if (rung_ != Rung::kUndecided) rung_ = std::max(rung_, transfer.rung);
  if (rung_ == Rung::kDirect) verify_direct(transfer);
  return rung_ == Rung::kDropBehind && transfer.rung == rung_ ? verify_dropping(transfer) : 0;
}

void Device::note_edge(int64_t from, int64_t to) {
  edges_from_ = std::min(edges_from_, from);
  edges_to_ = std::max(edges_to_, to);
}

void Device::note_edges(const Transfer& transfer) {
  note_edge(transfer.offset, transfer.offset + static_cast<int64_t>(transfer.written));
}

void Device::verify_direct(const Transfer& transfer) {
  if (!says_nothing_of_the_way(transfer.direct_error)) {
    rung_ = Rung::kDontCache;
  } else if (!verified_ && transfer.direct_bytes > 0) {
    // btrfs with checksums, ext4 with data=journal and others accept O_DIRECT and buffer silently.
    verified_ = true;
    const int64_t head = -transfer.offset & (int64_t{unit_} - 1);
    if (!mostly_resident(transfer.plain, transfer.offset + head, transfer.direct_bytes)) return;
    note_edges(transfer);
    rung_ = Rung::kDontCache;
  }
}

/// Where nothing can be dropped, the page cache is the storage: that of an overlay on tmpfs, say.
int Device::verify_dropping(const Transfer& transfer) {
  if (dropping_verified_ || transfer.written < kWorthVerifying) return 0;
  dropping_verified_ = true;
  const int64_t end = transfer.offset + static_cast<int64_t>(transfer.written);
  long result = 0;
  // Once: below a stacked file system only this waits for the writeback.
  if (is_stacked(transfer.plain)) result = sys::call_with(__NR_fdatasync, transfer.plain);
  if (result == 0) result = drop_from_cache(transfer.plain, transfer.offset, end);
  if (result < 0) return static_cast<int>(-result);
  if (mostly_resident(transfer.plain, transfer.offset, transfer.written)) rung_ = Rung::kPlain;
  return 0;
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
