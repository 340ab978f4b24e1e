#include "shim/device/residency.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "shim/device/risky_call.h"
#include "shim/system/file_system_type.h"
#include "shim/system/proc_path.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr size_t kSample = size_t{1} << 20;
constexpr size_t kLeastPage = 4096;

/// Pages of the range, or -errno: ENOSYS before Linux 6.5, EPERM where the file is neither ours nor
/// may be written, or a sandbox forbids it.
int64_t ask_cachestat(int fd, int64_t from, size_t bytes) {
  const struct { uint64_t offset, length; } range{static_cast<uint64_t>(from), bytes};
  struct {
    uint64_t cached, dirty, writeback, evicted, recently_evicted;
  } facts{};
  const long result = risky_call(Risky::kCachestat, fd, &range, &facts, 0);
  return result == 0 ? static_cast<int64_t>(facts.cached) : result;
}

bool failed(long result) { return result < 0 && result >= -4095; }

/// The same of pages that are mapped here; -1: the kernel won't say.
int64_t count_mapped(long address, size_t bytes) {
  const auto page = static_cast<size_t>(getpagesize());
  unsigned char pages[kSample / kLeastPage];
  int64_t resident = 0;
  for (size_t at = 0; at < bytes; at += kSample) {
    const size_t count = std::min(bytes - at, kSample);
    if (risky_call(Risky::kMincore, address + static_cast<long>(at), count, pages) != 0) return -1;
    resident += std::count_if(pages, pages + (count + page - 1) / page,
                              [](unsigned char one) { return (one & 1) != 0; });
  }
  return resident;
}

/// By a mapping that nobody touches, of a description that may read. `from` is the first byte of a
/// page.
int64_t ask_mincore(int fd, int64_t from, size_t bytes) {
  const long address = sys::call_with(__NR_mmap, nullptr, bytes, PROT_NONE, MAP_SHARED, fd, from);
  if (failed(address)) return -1;
  const int64_t resident = count_mapped(address, bytes);
  sys::call_with(__NR_munmap, address, bytes);
  return resident;
}

/// The same by a description that may only write.
int64_t ask_mincore_by_name(int fd, int64_t from, size_t bytes) {
  const ProcPath path(fd);
  const long readable =
      sys::call_with(__NR_openat, AT_FDCWD, path.text, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (readable < 0) return -1;
  const int64_t resident = ask_mincore(static_cast<int>(readable), from, bytes);
  sys::call_with(__NR_close, readable);
  return resident;
}

}  // namespace

bool is_stacked(int fd) { return sys::file_system_type(fd) == OVERLAYFS_SUPER_MAGIC; }

int64_t resident_pages(int fd, int64_t from, size_t bytes, bool stacked) {
  const int64_t resident = stacked ? -ENOSYS : ask_cachestat(fd, from, bytes);
  if (resident >= 0) return resident;
  const int64_t mapped = ask_mincore(fd, from, bytes);
  // So says mincore(2) of every file that cachestat(2) refuses to tell of.
  const bool all = mapped >= static_cast<int64_t>(bytes / static_cast<size_t>(getpagesize()));
  return resident == -EPERM && all ? -1 : mapped;
}

bool wholly_resident(int fd, int64_t size) {
  constexpr int64_t kQuicklyCounted = int64_t{4} << 20;
  if (size > kQuicklyCounted) return false;
  const int64_t page = getpagesize();
  return ask_cachestat(fd, 0, static_cast<size_t>(size)) >= (size + page - 1) / page;
}

bool mostly_resident(int fd, int64_t from, size_t bytes) {
  const auto page = static_cast<size_t>(getpagesize());
  const auto skipped = -static_cast<size_t>(from) & (page - 1);
  if (bytes < skipped + page) return false;
  from += static_cast<int64_t>(skipped);
  bytes = std::min(bytes - skipped, kSample) & ~(page - 1);
  int64_t resident = is_stacked(fd) ? -1 : ask_cachestat(fd, from, bytes);
  if (resident < 0) resident = ask_mincore_by_name(fd, from, bytes);
  return resident > static_cast<int64_t>(bytes / page / 2);
}

}  // namespace seqshim
