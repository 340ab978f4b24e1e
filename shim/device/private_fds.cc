#include "shim/device/private_fds.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "shim/system/mutex.h"
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

/// A leaf: held while a number of ours comes to be, so that nobody takes it for one that is free.
constinit Mutex of_one_process;
constinit Mutex* coming = &of_one_process;

void mark(int fd) {
  word_of(fd).fetch_or(bit_of(fd), std::memory_order_relaxed);
  int seen = highest.load(std::memory_order_relaxed);
  while (seen < fd && !highest.compare_exchange_weak(seen, fd, std::memory_order_relaxed)) {
  }
}

bool is_open(int fd) { return sys::call_with(__NR_fcntl, fd, F_GETFD) >= 0; }

/// `fd` itself, if what is there is to be ours.
int keep(int fd) {
  if (fd < 0) return -1;
  if (fd >= kDescriptorLimit) {
    sys::call_with(__NR_close, fd);
    return -1;
  }
  mark(fd);
  return fd;
}

/// The least number from `from` on that isn't known as ours.
int next_unknown(int from) {
  while (is_private(from)) ++from;
  return from;
}

int duplicate_from(int fd, int least) {
  return static_cast<int>(sys::call_with(__NR_fcntl, fd, F_DUPFD_CLOEXEC, least));
}

}  // namespace

void lock_numbers_by(Mutex& lock) { coming = &lock; }

int duplicate_private(int fd) {
  const MutexLock lock(*coming);
  // Where there was one of ours, closed behind our back, whoever believes in it must find none.
  int least = next_unknown(kLeastPrivate);
  // Known before it is there, if it is free, as it will be in nearly every program.
  const bool known_before = least < kDescriptorLimit && !is_open(least);
  if (known_before) mark(least);
  int got = duplicate_from(fd, least);
  if (known_before && got != least) forget_private(least);
  for (; got >= 0 && got != least && is_private(got); got = duplicate_from(fd, least)) {
    sys::call_with(__NR_close, got);
    least = next_unknown(got);
  }
  return keep(got);
}

Taken take_if_free(int number, int fd) {
  const MutexLock lock(*coming);
  if (is_private(number)) return Taken::kOurs;
  if (is_open(number)) return Taken::kNot;
  const int got = duplicate_from(fd, number);
  if (got == number) return Taken::kNow;
  if (got >= 0) sys::call_with(__NR_close, got);
  return Taken::kNot;
}

bool is_programs(int fd) {
  const MutexLock lock(*coming);
  return !is_private(fd) && is_open(fd);
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
  const long result = sys::call_with(__NR_close, fd);
  forget_private(fd);
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
