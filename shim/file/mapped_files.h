// The files that this process has mapped: what is stored or loaded there is never seen here, so
// they may not be cached. Each is known by what it is, not by a name, of which it may have several.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace seqshim {

/// Zero is none. Needs no lock, and takes none: threads, signal handlers and children of vfork may
/// come at any time.
class MappedFiles {
 public:
  /// Before the file behind `fd`, if it is one, is mapped. From then on it is known for good. True:
  /// it is the first for which there is no room.
  bool note(int fd);
  /// Whether the file behind `fd` has been mapped; not the one that had its number before. Of too
  /// many to remember, every file may be one.
  bool may_have(int fd) const;
  /// They are too many.
  bool every_file() const { return overflowed_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kSlots = size_t{1} << 17;
  /// As many are looked at, from a file's own one on.
  static constexpr size_t kReach = 64;

  bool add(uint64_t key);
  bool has(uint64_t key) const;

  std::atomic<uint64_t> slots_[kSlots];  // a page is touched when a file comes there
  std::atomic<bool> any_, any_by_birth_, overflowed_;
};

}  // namespace seqshim
