#include "shim/device/residency.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "shim/system/file_system_type.h"
#include "shim/system/proc_path.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr long kCachestat = 451;
constexpr size_t kSample = size_t{1} << 20;
constexpr size_t kLeastPage = 4096;

/// Pages of the range; -1: no cachestat(2), since Linux 6.5.
int64_t ask_cachestat(int fd, int64_t from, size_t bytes) {
  const struct { uint64_t offset, length; } range{static_cast<uint64_t>(from), bytes};
  struct {
    uint64_t cached, dirty, writeback, evicted, recently_evicted;
  } facts{};
  const long result = sys::call_with(kCachestat, fd, &range, &facts, 0);
  return result == 0 ? static_cast<int64_t>(facts.cached) : -1;
}

bool failed(long result) { return result < 0 && result >= -4095; }

/// The same by a mapping that nobody touches. It takes a description that may read. `from` is the
/// first byte of a page.
int64_t ask_mincore(int fd, int64_t from, size_t bytes, size_t page) {
  const ProcPath path(fd);
  const long readable =
      sys::call_with(__NR_openat, AT_FDCWD, path.text, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (readable < 0) return -1;
  const long address =
      sys::call_with(__NR_mmap, nullptr, bytes, PROT_NONE, MAP_SHARED, readable, from);
  sys::call_with(__NR_close, readable);
  if (failed(address)) return -1;
  unsigned char pages[kSample / kLeastPage];
  const long result = sys::call_with(__NR_mincore, address, bytes, pages);
  sys::call_with(__NR_munmap, address, bytes);
  if (result < 0) return -1;
  return std::count_if(pages, pages + bytes / page,
                       [](unsigned char one) { return (one & 1) != 0; });
}

}  // namespace

bool is_stacked(int fd) { return sys::file_system_type(fd) == OVERLAYFS_SUPER_MAGIC; }

bool mostly_resident(int fd, int64_t from, size_t bytes) {
  const auto page = static_cast<size_t>(getpagesize());
  const auto skipped = -static_cast<size_t>(from) & (page - 1);
  if (bytes < skipped + page) return false;
  from += static_cast<int64_t>(skipped);
  bytes = std::min(bytes - skipped, kSample) & ~(page - 1);
  int64_t resident = is_stacked(fd) ? -1 : ask_cachestat(fd, from, bytes);
  if (resident < 0) resident = ask_mincore(fd, from, bytes, page);
  return resident > static_cast<int64_t>(bytes / page / 2);
}

}  // namespace seqshim
