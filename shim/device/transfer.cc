#include "shim/device/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/uio.h>

#include <algorithm>

#include "shim/system/patience.h"
#include "shim/system/syscalls.h"

#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x00000080
#endif

namespace seqshim {
namespace {

/// As often is a call made again that may pass.
constexpr int kTimes = 200;

bool may_pass(long result) { return result == -EINTR || result == -EAGAIN; }

/// Bytes that were accepted before somebody set a lower limit on file sizes aren't bound by it. The
/// limit stands aside for them, as far as the hard one allows.
class SizeLimitAside {
 public:
  explicit SizeLimitAside(const Transfer& transfer) {
    if (transfer.refusal == nullptr ||
        sys::call_with(__NR_prlimit64, 0, RLIMIT_FSIZE, nullptr, &limit_) != 0)
      return;
    const auto end = static_cast<uint64_t>(transfer.offset) + transfer.bytes;
    if (limit_.rlim_cur >= end) return;
    const rlimit highest{limit_.rlim_max, limit_.rlim_max};
    lifted_ = sys::call_with(__NR_prlimit64, 0, RLIMIT_FSIZE, &highest, nullptr) == 0;
  }
  ~SizeLimitAside() {
    if (lifted_) sys::call_with(__NR_prlimit64, 0, RLIMIT_FSIZE, &limit_, nullptr);
  }
  SizeLimitAside(const SizeLimitAside&) = delete;
  SizeLimitAside& operator=(const SizeLimitAside&) = delete;

 private:
  rlimit limit_;
  bool lifted_ = false;
};

bool is_full(long result) { return result == -ENOSPC || result == -EDQUOT; }

/// RWF_DONTCACHE, if the kernel and the file system have it; else the next rung down.
long write_at(Transfer& transfer, size_t from, size_t bytes) {
  const std::byte* const data = transfer.data + from;
  const int64_t offset = transfer.offset + static_cast<int64_t>(from);
  if (transfer.rung == Rung::kDontCache) {
    const struct {
      const void* base;
      size_t bytes;
    } vector{data, bytes};
    const long result =
        sys::call_with(__NR_pwritev2, transfer.plain, &vector, 1, offset, 0L, RWF_DONTCACHE);
    if (result != -EOPNOTSUPP && result != -ENOSYS) return result;
    transfer.rung = Rung::kDropBehind;
  }
  return sys::call_with(__NR_pwrite64, transfer.plain, data, bytes, offset);
}

int refused(const Transfer& transfer) {
  return transfer.refusal != nullptr ? transfer.refusal->load(std::memory_order_relaxed) : 0;
}

/// What a file system may say of a large write because of some bytes of it.
bool may_be_of_a_part(long result) { return result == -EIO || may_pass(result); }

/// Through the page cache, as the program itself would have written it. Its writes were smaller:
/// where a large one fails as a whole, as much gets there as would have by them.
void write_buffered(Transfer& transfer, size_t end) {
  Patience patience(kTimes);
  size_t most = end;
  while (transfer.written < end && transfer.error == 0) {
    const size_t piece = std::min(end - transfer.written, most);
    const long result = write_at(transfer, transfer.written, piece);
    if (patience.again(may_pass(result))) continue;
    if (result > 0)
      transfer.written += static_cast<size_t>(result);
    else if (may_be_of_a_part(result) && piece > 1)
      most = piece / 2;
    else
      transfer.error = result < 0 ? static_cast<int>(-result) : EIO;
  }
}

/// As far as the direct descriptor goes; what it refuses is left to write_buffered(). A direct
/// write that finds too little space writes nothing at all, so it is halved.
void write_direct(Transfer& transfer, size_t end) {
  Patience patience(kTimes);
  size_t most = end;
  while (transfer.written < end) {
    const long result =
        sys::call_with(__NR_pwrite64, transfer.direct, transfer.data + transfer.written,
                       std::min(most, end - transfer.written),
                       transfer.offset + static_cast<int64_t>(transfer.written));
    if (patience.again(may_pass(result))) continue;
    if (is_full(result)) {
      most = std::min(most, end - transfer.written) / 2 & ~size_t{transfer.unit - 1};
      if (most > 0) continue;
    }
    if (result <= 0) {
      transfer.direct_error = result < 0 ? static_cast<int>(-result) : EIO;
      return;
    }
    const auto moved = static_cast<size_t>(result);
    transfer.written += moved;
    transfer.direct_bytes += moved;
    transfer.direct_call_bytes += moved;
    ++transfer.direct_writes;
    // From inside a unit no direct write can go on.
    if ((moved & (transfer.unit - 1)) != 0) return;
  }
}

void tell(const Transfer& transfer) {
  if (transfer.landed != nullptr)
    transfer.landed->fetch_add(static_cast<uint32_t>(transfer.written), std::memory_order_release);
}

/// Raw calls may have closed a number, or made it another file's, since it was handed over.
void look_at_numbers(Transfer& transfer) {
  if (!is_open_on(transfer.plain, transfer.file)) transfer.error = EBADF;
  if (transfer.direct >= 0 && !is_open_on(transfer.direct, transfer.file)) transfer.direct = -1;
}

/// By one call; false: nothing is known to have been written, each is to be carried out by itself.
bool write_together(Transfer* const* transfers, size_t count) {
  if (!is_open_on(transfers[0]->direct, transfers[0]->file)) return false;
  iovec vectors[kMostTogether];
  size_t total = 0;
  for (size_t i = 0; i < count; ++i) {
    vectors[i] = {const_cast<std::byte*>(transfers[i]->data), transfers[i]->bytes};
    total += transfers[i]->bytes;
  }
  if (transfers[0]->pace != nullptr) transfers[0]->pace->wait(total);
  const long result =
      sys::call_with(__NR_pwritev, transfers[0]->direct, vectors, count, transfers[0]->offset, 0L);
  if (result != static_cast<long>(total)) return false;
  for (size_t i = 0; i < count; ++i) {
    transfers[i]->error = transfers[i]->direct_error = 0;
    transfers[i]->written = transfers[i]->direct_bytes = transfers[i]->bytes;
    transfers[i]->direct_writes = i == 0 ? 1 : 0;
    transfers[i]->direct_call_bytes = i == 0 ? total : 0;
    tell(*transfers[i]);
  }
  return true;
}

/// Starts this region's writeback, and drops those before it, whose own has had time to end.
/// Several, since below a stacked file system what isn't written back yet can't be waited for.
void drop_behind(Transfer& transfer) {
  constexpr int64_t kRegions = 8;
  const auto bytes = static_cast<int64_t>(transfer.bytes);
  const int64_t before = std::max<int64_t>(0, transfer.offset - kRegions * bytes);
  sys::call_with(__NR_sync_file_range, transfer.plain, transfer.offset, bytes,
                 SYNC_FILE_RANGE_WRITE);
  // It also tells the description's errors, which the program's fsync then won't see again.
  const long result = drop_from_cache(transfer.plain, before, transfer.offset);
  if (result < 0 && transfer.error == 0) transfer.error = static_cast<int>(-result);
}

/// The head, the middle, the tail.
void write(Transfer& transfer) {
  if (transfer.direct >= 0) {
    const size_t mask = transfer.unit - 1;
    const size_t head = std::min(transfer.bytes, -static_cast<size_t>(transfer.offset) & mask);
    const size_t middle = (transfer.bytes - head) & ~mask;
    if (middle > 0 && middle >= transfer.least_direct) {
      write_buffered(transfer, head);
      if (transfer.error == 0) write_direct(transfer, head + middle);
    }
  }
  write_buffered(transfer, transfer.bytes);
  if (transfer.rung == Rung::kDropBehind) drop_behind(transfer);
}

}  // namespace

long drop_from_cache(int fd, int64_t from, int64_t to) {
  if (from >= to) return 0;
  const long result = sys::call_with(
      __NR_sync_file_range, fd, from, to - from,
      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  sys::call_with(__NR_fadvise64, fd, from, to - from, POSIX_FADV_DONTNEED);
  return result == -EIO || result == -ENOSPC ? result : 0;
}

void carry_out(Transfer& transfer) {
  transfer.direct_error = 0;
  transfer.written = transfer.direct_bytes = transfer.direct_call_bytes = 0;
  transfer.direct_writes = 0;
  // Behind a byte that the file refused, the kernel would have taken no other either.
  transfer.error = refused(transfer);
  if (transfer.error == 0) look_at_numbers(transfer);
  if (transfer.error == 0) {
    if (transfer.pace != nullptr) transfer.pace->wait(transfer.bytes);
    const SizeLimitAside aside(transfer);
    write(transfer);
  }
  tell(transfer);
  if (transfer.refusal != nullptr && transfer.written < transfer.bytes)
    transfer.refusal->store(transfer.error, std::memory_order_relaxed);
}

bool continues(const Transfer& transfer, const Transfer& next) {
  const auto whole = [](const Transfer& one) {
    return one.direct >= 0 && !one.alone &&
           ((static_cast<size_t>(one.offset) | one.bytes) & (one.unit - 1)) == 0;
  };
  return whole(transfer) && whole(next) && transfer.direct == next.direct &&
         transfer.offset + static_cast<int64_t>(transfer.bytes) == next.offset;
}

void carry_out(Transfer* const* transfers, size_t count) {
  if (count > 1 && refused(*transfers[0]) == 0 && write_together(transfers, count)) return;
  for (size_t i = 0; i < count; ++i) carry_out(*transfers[i]);
}

}  // namespace seqshim
