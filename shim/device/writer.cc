#include "shim/device/writer.h"

#include <errno.h>
#include <sys/prctl.h>
#include <time.h>

#include "shim/device/bare_thread.h"

namespace seqshim {
namespace {

constexpr size_t kStackBytes = size_t{64} << 10;
constexpr timespec kIdle{.tv_sec = 0, .tv_nsec = 50'000'000};

alignas(64) constinit std::byte stack[kStackBytes];

// The bare thread takes no argument. Only one Writer of a process runs a thread at a time.
constinit std::atomic<Writer*> served{nullptr};

}  // namespace

void Writer::finish(Transfer& transfer) {
  if (transfer.state.exchange(kDone, std::memory_order_acq_rel) == kWaitedFor)
    futex_wake(transfer.state, 1);
}

void Writer::wait(Transfer& transfer) {
  uint32_t queued = kQueued;
  transfer.state.compare_exchange_strong(queued, kWaitedFor, std::memory_order_acq_rel);
  while (!done(transfer)) futex_wait(transfer.state, kWaitedFor);
}

bool Writer::enqueue(Transfer& transfer) {
  MutexLock lock(mutex_);
  if (!running_ && !start()) return false;
  (last_ != nullptr ? last_->next : first_) = &transfer;
  last_ = &transfer;
  event_.fetch_add(1, std::memory_order_seq_cst);
  return true;
}

void Writer::submit(Transfer& transfer) {
  transfer.next = nullptr;
  transfer.state.store(kQueued, std::memory_order_relaxed);
  if (!enqueue(transfer)) {
    carry_out(transfer);
    finish(transfer);
    return;
  }
  // Either this sees the thread idle, or the thread's futex call sees the event.
  if (idle_.load(std::memory_order_seq_cst) != 0) futex_wake(event_, 1);
}

bool Writer::start() {
  // The last thread has left the queue for good, but may still stand on its stack.
  for (uint32_t occupied; (occupied = occupied_.load(std::memory_order_acquire)) != 0;)
    sys::call_with(__NR_futex, &occupied_, FUTEX_WAIT, occupied, nullptr);
  served.store(this, std::memory_order_release);
  thread_ = start_bare_thread(&Writer::entry, stack, kStackBytes, occupied_);
  running_ = thread_ > 0;
  return running_;
}

void Writer::stop() {
  {
    MutexLock lock(mutex_);
    if (thread_ <= 0) return;
    stopping_ = running_;
    event_.fetch_add(1, std::memory_order_release);
  }
  futex_wake(event_, 1);
  for (uint32_t occupied; (occupied = occupied_.load(std::memory_order_acquire)) != 0;)
    sys::call_with(__NR_futex, &occupied_, FUTEX_WAIT, occupied, nullptr);
  await_end_of_bare_thread(thread_);
}

void Writer::entry() {
  sys::call_with(__NR_prctl, PR_SET_NAME, "seqshim-writer");
  served.load(std::memory_order_acquire)->run();
}

/// The oldest, and those behind it that make one write with it: 1.1 times as fast as one by one,
/// since the disk has work while a call ends and the next begins.
size_t Writer::take(Transfer** batch) {
  MutexLock lock(mutex_);
  if (first_ == nullptr) return 0;
  size_t count = 0;
  do {
    batch[count++] = first_;
    first_ = first_->next;
  } while (first_ != nullptr && count < kMostTogether && continues(*batch[count - 1], *first_));
  if (first_ == nullptr) last_ = nullptr;
  return count;
}

bool Writer::retire(bool timed_out) {
  MutexLock lock(mutex_);
  if (first_ != nullptr || !(timed_out || stopping_)) return false;
  running_ = stopping_ = false;
  return true;
}

void Writer::run() {
  for (;;) {
    const uint32_t seen = event_.load(std::memory_order_acquire);
    Transfer* batch[kMostTogether];
    if (const size_t count = take(batch); count > 0) {
      carry_out(batch, count);
      for (size_t i = 0; i < count; ++i) finish(*batch[i]);
      continue;
    }
    if (retire(false)) break;
    idle_.store(1, std::memory_order_seq_cst);
    const long result = sys::call_with(__NR_futex, &event_, FUTEX_WAIT_PRIVATE, seen, &kIdle);
    idle_.store(0, std::memory_order_relaxed);
    if (result == -ETIMEDOUT && retire(true)) break;
  }
  exit_bare_thread();
}

}  // namespace seqshim
