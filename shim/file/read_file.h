// A file that is read and is to leave nothing in the page cache: one for all of the process's
// descriptors of it. The reads themselves are the kernel's.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shim/device/drop_behind.h"
#include "shim/file/slab.h"
#include "shim/system/file_id.h"

namespace seqshim {

/// Dropping pages is never a duty: whoever finds the file held lets it be. So nobody waits, neither
/// for another thread nor, in a signal handler, for himself. As with OpenFile the memory is
/// recycled only.
struct ReadFile {
  FileId id;
  // Guarded by the registry's lock.
  ReadFile* next;
  int descriptors;

  uint64_t reported;  // of those bytes

  /// Bytes that were read of it.
  std::atomic<uint64_t> bytes;
  /// From where on a read is to be looked at: so many bytes, or outside of these offsets.
  std::atomic<uint64_t> due_at;
  std::atomic<int64_t> calm_from, calm_until;
  /// The kernel doesn't tell what of it is cached.
  std::atomic<bool> blind;
  std::atomic<bool> held;
  // Guarded by `held`.
  bool left_alone;
  DropBehind behind;

  /// Of a read of `count` bytes, at `offset` or, if that is negative, at the position.
  bool is_due(int64_t offset, size_t count) const {
    const uint64_t seen = bytes.load(std::memory_order_relaxed);
    if (offset < 0) return seen + count >= due_at.load(std::memory_order_relaxed);
    const auto until = static_cast<uint64_t>(calm_until.load(std::memory_order_relaxed));
    return offset < calm_from.load(std::memory_order_relaxed) ||
           static_cast<uint64_t>(offset) + count > until;
  }
  /// The next read may be anywhere.
  void moved() { due_at.store(0, std::memory_order_relaxed); }

  bool try_hold() { return !held.exchange(true, std::memory_order_acquire); }
  void let_go() { held.store(false, std::memory_order_release); }

  /// Before a read by `fd` of `count` bytes at `offset`. Held.
  void advance(int fd, int64_t offset, size_t count);
  /// Of what was read, drops what is still to be dropped. Held.
  void finish(int fd);
};

/// Those that are open, by device and number. Zero is none. Guarded by the registry's lock.
class ReadFiles {
 public:
  ReadFile* find(const FileId& id) const;
  /// nullptr: no memory.
  ReadFile* add(const FileId& id, int64_t size, bool stacked);
  /// Not recycled if someone holds it.
  void remove(ReadFile& file, bool held_by_us);
  template <class Visit>
  void for_each(Visit visit) const {
    if (count_ == 0) return;
    for (ReadFile* head : buckets_)
      for (ReadFile* file = head; file != nullptr; file = file->next) visit(*file);
  }

 private:
  static constexpr size_t kBuckets = 256;

  static size_t bucket_of(const FileId& id);

  ReadFile* buckets_[kBuckets];
  size_t count_;
  Slab<ReadFile> slab_;
};

}  // namespace seqshim
