// What the profiled process keeps for itself.
#pragma once

#include <sched.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <cstdint>

#include "shim/file/owner_lock.h"
#include "shim/profile/record.h"
#include "shim/profile/sampler.h"
#include "shim/system/file_id.h"

namespace seqshim::profiling {

/// Which file: an index into the slot's list plus one, or one of these.
using FileNumber = uint32_t;
inline constexpr FileNumber kUnknown = 0, kUnlisted = 0xfffffffe, kIgnored = 0xffffffff;
inline constexpr bool is_listed(FileNumber file) { return file != kUnknown && file < kUnlisted; }

/// What the last call noted on a descriptor has left: as long as it is closed by calls that are
/// seen here, or its position isn't where it was, that is what it leads to.
struct SeenDescriptor {
  std::atomic<FileNumber> file;
  std::atomic<bool> appends;
  std::atomic<int64_t> next;       // where the next call begins if nobody moves the position
  std::atomic<int64_t> in_flight;  // bytes that calls are writing there now, and will add to it
};

/// Zero is a process that has noted nothing yet. A forked child begins with one of its own, see
/// current_state().
struct State {
  static constexpr int kDescriptors = 4096;  // of higher ones each call asks the kernel

  OwnerLock lock;
  uintptr_t holder;  // the stack pointer of who has it
  bool hopeless;     // it wasn't released for a second: no more waiting until it is
  bool gave_up;      // no slot is to be had
  Slot* slot;        // null: not asked for yet, or gave up; then nothing is listed
  Sampler sampler;
  uint32_t files, stacks, modules;                        // entries of the slot that are used
  uint32_t vain_looks;                                    // for modules
  std::array<uint16_t, 2 * kMaxFiles> files_by_id;        // open addressing: index plus one
  std::array<uint16_t, 2 * kMaxStacks> stacks_by_frames;  // likewise
  std::array<FileId, 64> ignored;                         // by hash, the last one
  std::array<SeenDescriptor, kDescriptors> descriptors;

  SeenDescriptor* seen(int fd) {
    return fd >= 0 && fd < kDescriptors ? &descriptors[static_cast<size_t>(fd)] : nullptr;
  }
};

/// A call has come while nothing could be noted.
inline void miss(const State& state) {
  if (state.slot != nullptr) state.slot->process.missed.fetch_add(1, std::memory_order_relaxed);
}

/// The state, for as long as the object lives, or not: a signal handler that has interrupted its
/// own thread there doesn't get it, nor who has waited for a long time.
class Hold {
 public:
  explicit Hold(State& state) : state_(state), held_(take()) {
    if (!held_) return;
    state_.holder = stack_pointer();
    state_.hopeless = false;
  }
  ~Hold() {
    if (held_) state_.lock.unlock();
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  explicit operator bool() const { return held_; }

 private:
  bool take() {
    if (state_.lock.try_lock()) return true;
    if (state_.lock.held_by_this_thread()) return was_left();
    // Whoever has it may have been put aside by others that compute.
    constexpr int kYields = 100, kNaps = 10'000;
    constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 100'000};
    for (int i = 0; i < kYields + kNaps && !state_.hopeless; ++i) {
      if (i < kYields)
        sys::call_with(__NR_sched_yield);
      else
        sys::call_with(__NR_nanosleep, &kNap, nullptr);
      if (state_.lock.try_lock()) return true;
    }
    state_.hopeless = true;
    return false;
  }

  /// Whether a handler has left by longjmp the code that has the lock: its frame is gone.
  bool was_left() const {
    stack_t stack{};
    if (stack_pointer() <= state_.holder) return false;
    sys::call_with(__NR_sigaltstack, nullptr, &stack);
    return (stack.ss_flags & SS_ONSTACK) == 0;
  }

  State& state_;
  const bool held_;
};

}  // namespace seqshim::profiling
