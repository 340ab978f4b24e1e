#include "shim/file/trial.h"

#include <algorithm>

#include "shim/file/section.h"
#include "shim/file/state.h"
#include "shim/system/alone.h"
#include "shim/system/file_id.h"

namespace seqshim {
namespace {

constexpr size_t kMostBytes = size_t{64} << 10;

// Of the one thread that there is. Not among the state that a forked child finds empty, since the
// call that a handler has forked in goes on there as well.
constinit std::atomic<unsigned> under_way_count{0};

/// Only one thread counts, and whoever interrupts it leaves the count as it was.
void count(unsigned more) {
  under_way_count.store(under_way_count.load(std::memory_order_relaxed) + more,
                        std::memory_order_relaxed);
}

/// The entry of `fd` once `bytes` more are written; unknown: it is to be looked at.
FdEntry longer(int fd, FdEntry entry, size_t bytes) {
  if (!entry.is_on_trial() && !may_go_on_trial(fd, entry)) return {};
  Trial trial = entry.trial();
  const bool within_another = under_way_count.load(std::memory_order_relaxed) > 1;
  if (trial.bytes + std::min(bytes, kMostBytes + 1) > most_on_trial() && !within_another) return {};
  trial.bytes = static_cast<uint32_t>(std::min(trial.bytes + bytes, Trial::kMostBytes));
  return FdEntry::on_trial(trial);
}

bool begin(int fd, size_t bytes) {
  if (!trials_are_held()) return false;
  FdTable& fds = state().fds;
  for (;;) {
    const FdEntry entry = fds[fd], next = longer(fd, entry, bytes);
    if (next.is_unknown()) return false;
    if (fds.replace(fd, entry, next)) return true;
    if (fds[fd] == entry) return false;  // beyond the table
  }
}

}  // namespace

size_t most_on_trial() { return std::min(config().direct_min, kMostBytes); }

size_t room_on_trial(int fd) {
  const FdEntry entry = state().fds[fd];
  const size_t written = entry.is_on_trial() ? entry.trial().bytes : 0;
  return most_on_trial() - std::min(written, most_on_trial());
}

bool trials_are_held() {
  return most_on_trial() > 0 && !config().concerns_small_files() && !inert() && !in_vfork_child() &&
         alone();
}

bool may_go_on_trial(int fd, FdEntry entry) {
  // Numbers of ours may be unknown too, and what is new may be a file that is managed, or one whose
  // reads are to be followed.
  return entry.is_unknown() && fd >= 0 && fd < kLeastPrivate && trials_are_held() &&
         config().read.empty() && !manages_any();
}

TrialWrite::TrialWrite(int fd, size_t bytes) : fd_(fd), bytes_(bytes), goes_on_(false) {
  if (in_vfork_child() || !alone()) return;
  // First: a handler may come between any two steps.
  count(+1u);
  goes_on_ = begin(fd, bytes);
  if (!goes_on_) count(-1u);
}

TrialWrite::~TrialWrite() {
  if (goes_on_) count(-1u);
}

void TrialWrite::wrote(size_t bytes) {
  FdTable& fds = state().fds;
  for (FdEntry entry = fds[fd_]; entry.is_on_trial(); entry = fds[fd_]) {
    Trial trial = entry.trial();
    // What was too much to count remains so.
    if (trial.bytes < bytes_ || trial.bytes == Trial::kMostBytes) return;
    trial.bytes = static_cast<uint32_t>(std::min(trial.bytes - bytes_ + bytes, Trial::kMostBytes));
    if (fds.replace(fd_, entry, FdEntry::on_trial(trial))) return;
  }
}

bool TrialWrite::under_way() { return under_way_count.load(std::memory_order_relaxed) > 0; }

uint32_t tag_of(const FileId& file) { return hash_of(file) >> 8 | 1U; }

void share_on_trial(int fd) {
  FdTable& fds = state().fds;
  for (FdEntry entry = fds[fd]; entry.is_on_trial() && entry.trial().own; entry = fds[fd]) {
    Trial trial = entry.trial();
    trial.own = false;
    fds.replace(fd, entry, FdEntry::on_trial(trial));
  }
}

void share_all_on_trial() {
  for (int fd = 0; fd <= state().fds.highest(); ++fd) share_on_trial(fd);
}

}  // namespace seqshim
