// The pieces that exported functions are made of.
#pragma once

#include <pthread.h>
#include <sched.h>

#include "shim/file/files.h"
#include "shim/interpose/libc.h"
#include "shim/interpose/threads.h"
#include "shim/system/alone.h"
#include "shim/system/exported.h"

namespace seqshim {

/// Fails as the kernel would.
template <class Result = int>
Result fail(int error) {
  errno = error;
  return (Result)-1;
}

/// What libc's function of the same name gives a thread that was cancelled meanwhile.
inline void cancellation_point() {
  if (!__libc_single_threaded) test_cancellation();
}

/// A managed call's result in libc's form; `call` asks the kernel where it is to be asked.
template <class Call>
auto conclude(Outcome outcome, Call call) -> decltype(call()) {
  if (outcome.passes()) return call();
  if (outcome.raw() < 0) return fail<decltype(call())>(static_cast<int>(-outcome.raw()));
  return static_cast<decltype(call())>(outcome.raw());
}

/// The same of a call that writes `bytes` to `fd`, which may be on trial.
template <class Managed, class Call>
auto write_or(int fd, size_t bytes, Managed managed, Call call) -> decltype(call()) {
  if (const TrialWrite trial(fd, bytes); trial.goes_on()) return call();
  const auto written = conclude(managed(), call);
  if (written > 0) has_written(fd);
  return written;
}

/// As many as there are, or the most there can be.
inline size_t bytes_of(const iovec* vectors, int count) {
  size_t total = 0;
  for (int i = 0; i < count; ++i)
    if (__builtin_add_overflow(total, vectors[i].iov_len, &total)) return SIZE_MAX;
  return total;
}

/// A call that returns a new descriptor. When the program has run out of numbers, it gets ours.
template <class Call>
int with_number(Call call) {
  const int fd = call();
  return fd < 0 && errno == EMFILE && give_up_descriptors() ? call() : fd;
}

/// Calls libc's `function` on `fd` once the kernel knows all that it needs to. A number of ours is
/// closed for the program: the kernel says what it makes of the call on one that is.
template <class Function, class... Args>
auto with_kernel(Need need, Function function, int fd, Args... args) {
  constexpr int kClosed = -1;
  return function(prepare(fd, need) ? fd : kClosed, args...);
}

/// The same of a call that reads up to `bytes`, at `offset` or kAtPosition.
template <class Function, class... Args>
auto read_with_kernel(Need need, int64_t offset, size_t bytes, Function function, int fd,
                      Args... args) {
  return follow_read(fd, offset, bytes, [&] { return with_kernel(need, function, fd, args...); });
}

/// Before a clone with these flags. Of a child that shares the descriptors and not the memory
/// either side could close, or fill anew, what the other keeps of ours: neither keeps any.
inline void before_clone(uint64_t clone_flags) {
  if ((clone_flags & CLONE_THREAD) != 0)
    threads.any_uncounted.store(true, std::memory_order_relaxed);
  if ((clone_flags & CLONE_FILES) != 0 && (clone_flags & CLONE_VM) == 0)
    retire(HandBack::kDescriptors);
}

}  // namespace seqshim
