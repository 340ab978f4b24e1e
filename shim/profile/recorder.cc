#include "shim/profile/recorder.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>

#include "shim/profile/call_path.h"
#include "shim/profile/file_list.h"
#include "shim/profile/memory.h"
#include "shim/profile/stack_list.h"

namespace seqshim::profiling {
namespace {

int64_t position_of(int fd) { return sys::call_with(__NR_lseek, fd, 0L, SEEK_CUR); }

/// What was noted of a descriptor before a call.
struct Before {
  FileNumber file;
  int64_t next;
};

/// Finds the descriptor's position. True: it is where the last call noted there has left it, or
/// further on by what other threads are just writing.
bool continues(Sighting& sighting, Before& before) {
  const SeenDescriptor* const seen = sighting.state->seen(sighting.fd);
  if (seen == nullptr) {
    sighting.offset = position_of(sighting.fd);
    return false;
  }
  before.file = sighting.file = seen->file.load(std::memory_order_relaxed);
  sighting.appends = seen->appends.load(std::memory_order_relaxed);
  const int64_t flight_before = seen->in_flight.load(std::memory_order_acquire);
  before.next = seen->next.load(std::memory_order_acquire);
  sighting.offset = position_of(sighting.fd);
  const int64_t after = seen->next.load(std::memory_order_acquire);
  const int64_t flight_after = seen->in_flight.load(std::memory_order_acquire);
  const int64_t most = std::max(before.next, after) + std::max(flight_before, flight_after);
  return sighting.file != kUnknown && std::min(before.next, after) <= sighting.offset &&
         sighting.offset <= most;
}

/// Whether the position moves by itself: then it is another process's, too, which writes just now.
bool is_moving(const Sighting& sighting, int64_t size) {
  return sighting.at_position && size != sighting.offset &&
         position_of(sighting.fd) != sighting.offset;
}

/// The call will begin where it was found, unless another thread has been there meanwhile.
void expect(const Sighting& sighting, const Before& before) {
  SeenDescriptor* const seen = sighting.state->seen(sighting.fd);
  if (seen == nullptr) return;
  constexpr int64_t kNowhere = -1;
  const bool is_known = seen->file.load(std::memory_order_relaxed) == sighting.file;
  if (!sighting.at_position) {
    if (!is_known) seen->next.store(kNowhere, std::memory_order_relaxed);
  } else if (!is_known || (before.file == sighting.file &&
                           before.next == seen->next.load(std::memory_order_relaxed))) {
    seen->next.store(sighting.offset, std::memory_order_release);
  }
  seen->appends.store(sighting.appends, std::memory_order_relaxed);
  seen->file.store(sighting.file, std::memory_order_release);
}

/// Asks the kernel which file it is, and how large.
bool look_up(Sighting& sighting, const Before& before) {
  State& state = *sighting.state;
  const Hold hold(state);
  if (!hold) return miss(state), false;
  FileFacts facts;
  if (!look_up_file(state, sighting.fd, facts)) return false;
  sighting.file = facts.file;
  sighting.appends = facts.appends;
  // Those who share a position take turns at the end of the file.
  if (facts.appends || is_moving(sighting, facts.size)) sighting.offset = facts.size;
  const SeenDescriptor* const seen = state.seen(sighting.fd);
  // What other threads are writing is in the size, perhaps, but not noted yet.
  const bool is_quiet = seen == nullptr || seen->in_flight.load(std::memory_order_acquire) == 0;
  if (is_listed(facts.file) && is_quiet)
    state.slot->files[facts.file - 1].pattern.refresh(facts.size);
  expect(sighting, before);
  return true;
}

/// By how much a call that writes at the position may move it.
int64_t flight_of(const Sighting& sighting) {
  return sighting.at_position && sighting.asked < INT32_MAX ? static_cast<int64_t>(sighting.asked)
                                                            : 0;
}

void take_off(const Sighting& sighting) {
  SeenDescriptor* const seen = sighting.state->seen(sighting.fd);
  if (seen == nullptr || __libc_single_threaded) return;
  seen->in_flight.fetch_add(flight_of(sighting), std::memory_order_acq_rel);
}

/// What was closed meanwhile has nothing in flight.
void land(const Sighting& sighting) {
  SeenDescriptor* const seen = sighting.state->seen(sighting.fd);
  if (seen == nullptr || __libc_single_threaded) return;
  const int64_t bytes = flight_of(sighting);
  if (seen->in_flight.fetch_sub(bytes, std::memory_order_acq_rel) < bytes)
    seen->in_flight.store(0, std::memory_order_relaxed);
}

/// Where the call began: what other threads have written since it was looked up is noted already.
int64_t place_of(const Sighting& sighting, const SeenDescriptor* seen,
                 const AccessPattern* pattern) {
  if (sighting.appends && pattern != nullptr) return pattern->end;
  const bool is_known = sighting.at_position && seen != nullptr &&
                        seen->file.load(std::memory_order_relaxed) == sighting.file;
  return is_known ? seen->next.load(std::memory_order_relaxed) : sighting.offset;
}

/// The counts of a file that is listed; null: it isn't.
AccessPattern* pattern_of(const Sighting& sighting) {
  if (!is_listed(sighting.file) || sighting.state->slot == nullptr) return nullptr;
  return &sighting.state->slot->files[sighting.file - 1].pattern;
}

void note_unlisted(ProcessRecord& process, uint64_t bytes, uint64_t write_ns) {
  ++process.calls_of_unlisted_files;
  process.bytes_of_unlisted_files += bytes;
  process.ns_of_unlisted_files += write_ns;
}

/// Returns how many calls this one stands for; 0: its call site isn't looked at.
double note(const Sighting& sighting, ssize_t written, uint64_t end_ns) {
  State& state = *sighting.state;
  SeenDescriptor* const seen = state.seen(sighting.fd);
  AccessPattern* const pattern = pattern_of(sighting);
  const int64_t offset = place_of(sighting, seen, pattern);
  if (written > 0 && seen != nullptr && sighting.at_position)
    seen->next.store(offset + written, std::memory_order_release);
  if (sighting.file == kIgnored || state.slot == nullptr) return 0;
  ProcessRecord& process = state.slot->process;
  process.last_ns = std::max(process.last_ns, end_ns);
  if (written < 0) {
    if (pattern != nullptr) ++pattern->failed;
    return 0;
  }
  const auto bytes = static_cast<uint64_t>(written);
  const uint64_t write_ns = end_ns - sighting.start_ns;
  if (pattern != nullptr)
    pattern->note({offset, sighting.asked == kAnyNumber ? bytes : sighting.asked, bytes,
                   sighting.start_ns, end_ns});
  else
    note_unlisted(process, bytes, write_ns);
  return state.sampler.draw(bytes, write_ns, end_ns);
}

void look_at_call_site(State& state, const Sample& sample) {
  const uint64_t start_ns = thread_ns();
  CallPath path;
  walk(path);
  const Hold hold(state);
  if (!hold) return;
  add_sample(state, path, sample);
  // What other threads have taken of the processor meanwhile is no cost.
  const uint64_t cost_ns = thread_ns() - start_ns;
  ++state.slot->process.samples;
  state.slot->process.sampling_ns += cost_ns;
  state.sampler.spent(cost_ns);
}

bool look_up_listed(Sighting& sighting, int fd) {
  sighting = {};
  sighting.state = current_state();
  sighting.fd = fd;
  return sighting.state != nullptr && look_up(sighting, {}) && is_listed(sighting.file);
}

/// Whether the process is still the one in which the call was made: it may have come back from a
/// fork in a signal handler.
bool is_current(const Sighting& sighting) { return sighting.state == current_state(); }

}  // namespace

bool before_write(Sighting& sighting, int fd, int64_t offset, size_t asked) {
  sighting.state = current_state();
  if (sighting.state == nullptr) return false;
  sighting.fd = fd;
  sighting.at_position = offset == kAtPosition;
  sighting.offset = offset;
  sighting.asked = asked;
  Before before{};
  const bool is_known = sighting.at_position && continues(sighting, before);
  // A pipe, a socket or a terminal.
  if (sighting.at_position && sighting.offset < 0) return false;
  if (!is_known && !look_up(sighting, before)) return false;
  take_off(sighting);
  sighting.start_ns = now_ns();
  return true;
}

void after_write(const Sighting& sighting, Via via, ssize_t written) {
  const uint64_t end_ns = now_ns();
  if (!is_current(sighting)) return;
  const int saved = errno;
  double weight = 0;
  if (const Hold hold(*sighting.state); hold)
    weight = note(sighting, written, end_ns);
  else
    miss(*sighting.state);
  land(sighting);
  if (weight > 0) {
    const Sample sample{via, static_cast<uint64_t>(written), end_ns - sighting.start_ns, weight};
    look_at_call_site(*sighting.state, sample);
  }
  errno = saved;
}

bool before_sync(Sighting& sighting, int fd) {
  if (!look_up_listed(sighting, fd)) return false;
  sighting.start_ns = now_ns();
  return true;
}

void after_sync(const Sighting& sighting) {
  const uint64_t end_ns = now_ns();
  if (!is_current(sighting)) return;
  const Hold hold(*sighting.state);
  if (!hold) return miss(*sighting.state);
  if (AccessPattern* const pattern = pattern_of(sighting)) {
    ++pattern->syncs;
    pattern->sync_ns += end_ns - sighting.start_ns;
  }
}

void forget(int fd) {
  State* const state = known_state();
  SeenDescriptor* const seen = state != nullptr ? state->seen(fd) : nullptr;
  if (seen == nullptr) return;
  seen->file.store(kUnknown, std::memory_order_relaxed);
  seen->in_flight.store(0, std::memory_order_relaxed);
}

void note_lock(int fd) {
  Sighting sighting;
  if (!look_up_listed(sighting, fd)) return;
  const Hold hold(*sighting.state);
  if (hold) sighting.state->slot->files[sighting.file - 1].locked = true;
}

}  // namespace seqshim::profiling
