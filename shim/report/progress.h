// What is being written, as it happens: counters in one file of memory that all processes of a tree
// share with whoever looks on, SEQSHIM_PROGRESS. They grow by whole clusters, not by writes, and
// are exact when a file is closed, and when its process ends by itself.
//
// Only atomic numbers are shared, no lock: a process may be killed at any instant.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/system/file_id.h"

namespace seqshim {

enum class Tally : uint8_t {
  kWrites,    // calls
  kAccepted,  // bytes
  kLanded,    // of those, the bytes that the kernel has
  kDirect,    // of those, the bytes that went past the page cache
  kWaits,     // times that a write waited for the device
  kWaitNs,
  kErrors,
  kCount
};

/// What is so of one file, or of all of them together.
struct Tallies {
  std::array<uint64_t, static_cast<size_t>(Tally::kCount)> count{};

  uint64_t& operator[](Tally which) { return count[static_cast<size_t>(which)]; }
  uint64_t operator[](Tally which) const { return count[static_cast<size_t>(which)]; }
  bool operator==(const Tallies&) const = default;
};

/// The same, shared. Each number is right; together they may be of slightly different instants.
class SharedTallies {
 public:
  void add(Tally which, uint64_t more) {
    if (more != 0) number(which).fetch_add(more, std::memory_order_relaxed);
  }
  void clear() {
    for (auto& each : numbers_) each.store(0, std::memory_order_relaxed);
  }
  Tallies now() const {
    Tallies tallies;
    for (size_t i = 0; i < numbers_.size(); ++i)
      tallies.count[i] = numbers_[i].load(std::memory_order_relaxed);
    return tallies;
  }

 private:
  std::atomic<uint64_t>& number(Tally which) { return numbers_[static_cast<size_t>(which)]; }

  std::array<std::atomic<uint64_t>, static_cast<size_t>(Tally::kCount)> numbers_;
};

/// A file that a process has open and is writing.
struct alignas(64) ProgressSlot {
  enum State : uint32_t { kFree, kTaken, kShown };

  std::atomic<uint32_t> state;
  std::atomic<int32_t> process;  // as it numbers itself
  SharedTallies tallies;
  char path[192];  // its end, with a zero behind; written before the slot is shown
};

/// The whole file. It is created empty, and sealed against changes of its size.
struct Progress {
  static constexpr size_t kSlots = 256;
  static constexpr size_t kKnownFiles = 4096;

  /// All that was ever told, also by processes that are gone, and of files without a slot.
  SharedTallies totals;
  std::atomic<uint64_t> files;       // that were written, each once, unless there were very many
  std::atomic<uint64_t> files_read;  // likewise of those that were read past the page cache
  std::atomic<uint64_t> bytes_read;
  std::atomic<uint64_t> known_files[kKnownFiles];  // by hash; 0: none
  ProgressSlot slots[kSlots];
};

/// The file at `path`, mapped for good; nullptr: there is none of this kind. Raw system calls.
Progress* map_progress(const char* path);

/// One file's part in it. Zero is one that has told nothing. tell() may be called by several
/// threads at once, the others by one alone.
class FileProgress {
 public:
  /// It is so now. `path` is the file's.
  void tell(Progress& progress, const Tallies& now, const FileId& file, const char* path);
  /// Counting starts again from zero; what was told stays told.
  void restart();
  /// It is closed.
  void end();

 private:
  std::array<std::atomic<uint64_t>, static_cast<size_t>(Tally::kCount)> told_{};
  std::atomic<ProgressSlot*> slot_{nullptr};
  std::atomic<bool> counted_{false};  // among the files
};

}  // namespace seqshim
