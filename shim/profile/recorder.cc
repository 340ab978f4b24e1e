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

/// Asks the kernel which file it is, and how large.
bool look_up(Sighting& sighting) {
  FileFacts facts;
  if (!look_up_file(*sighting.state, sighting.fd, facts)) return false;
  sighting.file = facts.file;
  sighting.appends = facts.appends;
  if (facts.appends) sighting.offset = facts.size;
  return true;
}

/// Whether the descriptor's position is where the last call noted there has left it.
bool continues(Sighting& sighting) {
  const SeenDescriptor* const seen = sighting.state->seen(sighting.fd);
  if (seen == nullptr) return false;
  sighting.file = seen->file.load(std::memory_order_relaxed);
  sighting.appends = seen->appends.load(std::memory_order_relaxed);
  return sighting.file != kUnknown && seen->next.load(std::memory_order_relaxed) == sighting.offset;
}

/// Where the call began: what other threads have written since it was looked up is noted already.
int64_t place_of(const Sighting& sighting, const SeenDescriptor* seen) {
  const bool moved = sighting.continues && seen != nullptr &&
                     seen->file.load(std::memory_order_relaxed) == sighting.file;
  return moved ? seen->next.load(std::memory_order_relaxed) : sighting.offset;
}

void remember(SeenDescriptor& seen, const Sighting& sighting, int64_t next) {
  constexpr int64_t kNowhere = -1;
  if (sighting.at_position)
    seen.next.store(next, std::memory_order_relaxed);
  else if (seen.file.load(std::memory_order_relaxed) != sighting.file)
    seen.next.store(kNowhere, std::memory_order_relaxed);
  seen.appends.store(sighting.appends, std::memory_order_relaxed);
  seen.file.store(sighting.file, std::memory_order_relaxed);
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
double note(const Sighting& sighting, size_t asked, ssize_t written, uint64_t end_ns) {
  State& state = *sighting.state;
  SeenDescriptor* const seen = state.seen(sighting.fd);
  const int64_t offset = place_of(sighting, seen);
  if (written > 0 && seen != nullptr) remember(*seen, sighting, offset + written);
  if (sighting.file == kIgnored || state.slot == nullptr) return 0;
  ProcessRecord& process = state.slot->process;
  process.last_ns = std::max(process.last_ns, end_ns);
  AccessPattern* const pattern = pattern_of(sighting);
  if (written < 0) {
    if (pattern != nullptr) ++pattern->failed;
    return 0;
  }
  const auto bytes = static_cast<uint64_t>(written);
  const uint64_t write_ns = end_ns - sighting.start_ns;
  if (pattern != nullptr)
    pattern->note({offset, asked == kAnyNumber ? bytes : asked, bytes, sighting.start_ns, end_ns});
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
  return sighting.state != nullptr && look_up(sighting) && is_listed(sighting.file);
}

/// Whether the process is still the one in which the call was made: it may have come back from a
/// fork in a signal handler.
bool is_current(const Sighting& sighting) { return sighting.state == current_state(); }

}  // namespace

bool before_write(Sighting& sighting, int fd, int64_t offset) {
  sighting.state = current_state();
  if (sighting.state == nullptr) return false;
  sighting.fd = fd;
  sighting.at_position = offset == kAtPosition;
  sighting.offset = offset;
  sighting.continues = false;
  if (sighting.at_position) {
    sighting.offset = sys::call_with(__NR_lseek, fd, 0L, SEEK_CUR);
    // A pipe, a socket or a terminal.
    if (sighting.offset < 0) return false;
    sighting.continues = continues(sighting);
  }
  if (!sighting.continues && !look_up(sighting)) return false;
  sighting.start_ns = now_ns();
  return true;
}

void after_write(const Sighting& sighting, Via via, size_t asked, ssize_t written) {
  const uint64_t end_ns = now_ns();
  if (!is_current(sighting)) return;
  const int saved = errno;
  double weight = 0;
  if (const Hold hold(*sighting.state); hold)
    weight = note(sighting, asked, written, end_ns);
  else
    miss(*sighting.state);
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
  if (seen != nullptr) seen->file.store(kUnknown, std::memory_order_relaxed);
}

void note_lock(int fd) {
  Sighting sighting;
  if (!look_up_listed(sighting, fd)) return;
  const Hold hold(*sighting.state);
  if (hold) sighting.state->slot->files[sighting.file - 1].locked = true;
}

}  // namespace seqshim::profiling
