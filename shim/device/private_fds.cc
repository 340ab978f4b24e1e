#include "shim/device/private_fds.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "shim/system/proc_path.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr int kWordBits = 64;
// Kept over fork, unlike all other state: it tells the child what to close.
constinit std::atomic<uint64_t> known[kDescriptorLimit / kWordBits];
constinit std::atomic<int> highest{-1};

std::atomic<uint64_t>& word_of(int fd) { return known[fd / kWordBits]; }
uint64_t bit_of(int fd) { return uint64_t{1} << (fd % kWordBits); }

int keep(int fd) {
  if (fd < 0) return -1;
  if (fd >= kDescriptorLimit) {
    sys::call_with(__NR_close, fd);
    return -1;
  }
  word_of(fd).fetch_or(bit_of(fd), std::memory_order_relaxed);
  int seen = highest.load(std::memory_order_relaxed);
  while (seen < fd && !highest.compare_exchange_weak(seen, fd, std::memory_order_relaxed)) {
  }
  return fd;
}

}  // namespace

int duplicate_private(int fd) {
  // Where there was one of ours, closed behind our back, whoever believes in it must find none.
  for (int least = kLeastPrivate;; ++least) {
    while (is_private(least)) ++least;
    const long got = sys::call_with(__NR_fcntl, fd, F_DUPFD_CLOEXEC, least);
    if (got < 0 || !is_private(static_cast<int>(got))) return keep(static_cast<int>(got));
    sys::call_with(__NR_close, got);
    least = static_cast<int>(got);
  }
}

int open_private_direct(int fd, int extra_flags) {
  const ProcPath path(fd);
  // O_NONBLOCK: never wait for the holder of a lease.
  const int low = static_cast<int>(
      sys::call_with(__NR_openat, AT_FDCWD, path.text,
                     O_WRONLY | O_DIRECT | O_CLOEXEC | O_LARGEFILE | O_NONBLOCK | extra_flags, 0));
  if (low < 0) return -1;
  const int high = duplicate_private(low);
  sys::call_with(__NR_close, low);
  return high;
}

int close_private(int fd) {
  word_of(fd).fetch_and(~bit_of(fd), std::memory_order_relaxed);
  const long result = sys::call_with(__NR_close, fd);
  return result == -EBADF || result == -EINTR ? 0 : static_cast<int>(-result);
}

void forget_private(int fd) { word_of(fd).fetch_and(~bit_of(fd), std::memory_order_relaxed); }

bool is_private(int fd) {
  if (fd < kLeastPrivate || fd >= kDescriptorLimit) return false;
  return (word_of(fd).load(std::memory_order_relaxed) & bit_of(fd)) != 0;
}

int next_private(int from, int to) {
  from = std::max(from, kLeastPrivate);
  to = std::min(to, highest.load(std::memory_order_relaxed));
  while (from <= to) {
    const uint64_t rest = word_of(from).load(std::memory_order_relaxed) >> (from % kWordBits);
    if (rest != 0) {
      const int found = from + std::countr_zero(rest);
      return found <= to ? found : -1;
    }
    from = (from / kWordBits + 1) * kWordBits;
  }
  return -1;
}

void close_inherited_private() {
  for (int fd = kLeastPrivate; (fd = next_private(fd, kDescriptorLimit - 1)) >= 0; ++fd)
    close_private(fd);
  highest.store(-1, std::memory_order_relaxed);
}

}  // namespace seqshim
