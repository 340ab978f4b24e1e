#include "shim/report/progress.h"

#include "shim/system/map_pages.h"
#include "shim/system/put_text.h"
#include "shim/system/sealed_file.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// Whether it is new. Where there is no place left, whoever comes counts as new.
bool enter_among_known(Progress& progress, const FileId& file) {
  constexpr size_t kMostSteps = 64;
  uint64_t key = (file.inode ^ file.device << 32) * 0x9e3779b97f4a7c15;
  if (key == 0) key = 1;
  for (size_t step = 0; step < kMostSteps; ++step) {
    uint64_t there = 0;
    auto& place = progress.known_files[((key >> 32) + step) % Progress::kKnownFiles];
    if (place.compare_exchange_strong(there, key, std::memory_order_relaxed)) return true;
    if (there == key) return false;
  }
  return true;
}

/// nullptr: all are taken.
ProgressSlot* take_slot(Progress& progress, const char* path) {
  for (ProgressSlot& slot : progress.slots) {
    uint32_t state = ProgressSlot::kFree;
    if (slot.state.load(std::memory_order_relaxed) != state ||
        !slot.state.compare_exchange_strong(state, ProgressSlot::kTaken))
      continue;
    slot.process.store(static_cast<int32_t>(sys::call_with(__NR_getpid)),
                       std::memory_order_relaxed);
    slot.tallies.clear();
    put_end(slot.path, path);
    slot.state.store(ProgressSlot::kShown, std::memory_order_release);
    return &slot;
  }
  return nullptr;
}

void give_back(ProgressSlot& slot) {
  slot.state.store(ProgressSlot::kFree, std::memory_order_release);
}

}  // namespace

Progress* map_progress(const char* path) {
  const int fd = sys::open_sealed_file(path, [](off_t size) { return size == sizeof(Progress); });
  if (fd < 0) return nullptr;
  void* const pages = sys::map_pages(sizeof(Progress), MAP_SHARED, fd);
  sys::call_with(__NR_close, fd);
  return static_cast<Progress*>(pages);
}

void FileProgress::tell(Progress& progress, const Tallies& now, const FileId& file,
                        const char* path) {
  if (now[Tally::kAccepted] == 0) return;
  if (!counted_.exchange(true, std::memory_order_relaxed) && enter_among_known(progress, file))
    progress.files.fetch_add(1, std::memory_order_relaxed);
  ProgressSlot* slot = slot_.load(std::memory_order_acquire);
  if (slot == nullptr) {
    ProgressSlot* const fresh = take_slot(progress, path);
    if (slot_.compare_exchange_strong(slot, fresh)) {
      slot = fresh;
    } else if (fresh != nullptr) {
      give_back(*fresh);  // another thread had one first
    }
  }
  for (size_t i = 0; i < told_.size(); ++i) {
    // Two threads may tell in the wrong order: then one of them takes back what the other told too
    // much, by an addition that wraps around.
    const uint64_t more = now.count[i] - told_[i].exchange(now.count[i]);
    progress.totals.add(static_cast<Tally>(i), more);
    if (slot != nullptr) slot->tallies.add(static_cast<Tally>(i), more);
  }
}

void FileProgress::restart() {
  for (auto& each : told_) each.store(0, std::memory_order_relaxed);
}

void FileProgress::end() {
  ProgressSlot* const slot = slot_.exchange(nullptr);
  if (slot != nullptr) give_back(*slot);
}

}  // namespace seqshim
