#include "shim/device/drop_behind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>

#include "shim/device/residency.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// How much is read before what lies behind is dropped.
constexpr int64_t kStep = int64_t{1} << 20;
/// Half as many of these as there are granules are more than the kernel reads ahead, unless one
/// call reads that much.
constexpr int64_t kLargeGranule = int64_t{1} << 20;
constexpr int64_t kReadAhead = int64_t{16} << 20;
/// The kernel drops only folios that lie within the range as a whole. They are no larger, and
/// aligned to their size.
constexpr int64_t kLargestFolio = int64_t{2} << 20;

constexpr int64_t align_down(int64_t offset, int64_t unit) { return offset & -unit; }

constexpr uint64_t low_bits(int count) { return count < 64 ? (uint64_t{1} << count) - 1 : ~0ULL; }

}  // namespace

void DropBehind::start(int64_t size, bool stacked) {
  *this = {};
  size_ = size;
  stacked_ = stacked;
}

/// Where the kernel may come to with a read: it is looked at before.
int64_t DropBehind::reach_of(int64_t offset, size_t bytes) const {
  const int64_t rest = std::max<int64_t>(size_ - offset, 1);
  return offset + static_cast<int64_t>(std::min(bytes + kReadAhead, static_cast<size_t>(rest)));
}

int64_t DropBehind::advance(int fd, int64_t offset, size_t bytes, uint64_t total) {
  struct stat facts;
  if (offset >= size_ && sys::call_with(__NR_fstat, fd, &facts) == 0) size_ = facts.st_size;
  const int64_t reach = reach_of(offset, bytes);
  if (granule_ == 0 || offset < from_ || reach > end()) restart(fd, offset, reach);
  if (offset >= middle()) slide(fd, offset, total);
  if (absent_ == 0) return middle();
  // The read that comes to the end of a step begins before it.
  if (total - dropped_at_ >= kStep / 2) {
    drop(fd, offset);
    dropped_at_ = total;
  }
  return std::min(offset + kStep, middle());
}

void DropBehind::finish(int fd) {
  if (absent_ != 0) drop(fd, end());
  if (size_ >= kStep && wait_for_read_ahead(fd)) drop(fd, end());
  forget();
}

void DropBehind::restart(int fd, int64_t offset, int64_t reach) {
  finish(fd);
  const auto least = static_cast<int64_t>(getpagesize());
  const auto whole = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(size_ | 1)));
  granule_ = std::clamp(whole / kGranules, least, kLargeGranule);
  from_ = 0;
  if (reach > end()) {  // in a large file, or one that has grown
    granule_ = kLargeGranule;
    from_ = align_down(offset, kLargestFolio);
  }
  while (end() < reach) granule_ *= 2;
  absent_ = look(fd, from_, kGranules);
}

/// The stretch follows the reader; a folio that it is in the middle of stays within.
void DropBehind::slide(int fd, int64_t offset, uint64_t total) {
  drop(fd, offset);
  dropped_at_ = total;
  const int64_t from = from_ + align_down(offset - from_, std::max(granule_, kLargestFolio));
  const auto granules = static_cast<int>((from - from_) / granule_);
  const uint64_t fresh = look(fd, end(), granules);
  absent_ = absent_ >> granules | fresh << (kGranules - granules);
  from_ = from;
}

/// Of `count` granules a bit each, set where nothing is in the cache.
uint64_t DropBehind::look(int fd, int64_t from, int count) {
  const int64_t bytes = count * granule_;
  const int64_t resident = resident_pages(fd, from, static_cast<size_t>(bytes), stacked_);
  blind_ = resident < 0;
  if (blind_) return 0;
  if (resident == 0) return low_bits(count);
  const auto page = static_cast<int64_t>(getpagesize());
  if (resident >= (std::min(size_ - from, bytes) + page - 1) / page) return 0;
  uint64_t absent = 0;
  for (int i = 0; i < count; ++i)
    if (resident_pages(fd, from + i * granule_, static_cast<size_t>(granule_), stacked_) == 0)
      absent |= uint64_t{1} << i;
  return absent;
}

/// What is on its way from the disk, for a reader that has stopped before the end, can't be dropped
/// yet. Waits for the last whole granule of it, and for no other: the first page that was read
/// ahead bears a mark, at which the kernel would read on. False: there is none.
bool DropBehind::wait_for_read_ahead(int fd) const {
  const auto page = static_cast<int64_t>(getpagesize());
  const auto stretch = static_cast<size_t>(end() - from_);
  if (absent_ == ~0ULL && resident_pages(fd, from_, stretch, stacked_) <= 0) return false;
  for (uint64_t rest = absent_; rest != 0;) {
    const int last = std::bit_width(rest) - 1;
    rest &= low_bits(last);
    const int64_t from = from_ + last * granule_;
    const int64_t bytes = std::min(granule_, size_ - from);
    if (bytes <= 0) continue;
    const auto pages = (bytes + page - 1) / page;
    if (resident_pages(fd, from, static_cast<size_t>(bytes), stacked_) < pages) continue;
    char byte;
    sys::call_with(__NR_pread64, fd, &byte, 1, from + bytes - 1);
    return true;
  }
  return false;
}

/// What was absent and lies before `to`, in as few ranges as there are.
void DropBehind::drop(int fd, int64_t to) const {
  uint64_t rest = absent_;
  while (rest != 0) {
    const int first = std::countr_zero(rest);
    const int count = std::countr_one(rest >> first);
    const int64_t from = from_ + first * granule_;
    const int64_t bytes = std::min(count * granule_, to - from);
    if (bytes <= 0) return;
    sys::call_with(__NR_fadvise64, fd, from, bytes, POSIX_FADV_DONTNEED);
    rest &= ~(low_bits(count) << first);
  }
}

}  // namespace seqshim
