// The pool's memory, as whoever maps its file sees it: the process that owns it, and a guard that
// has nothing else of a process that died.
//
//     slots * cluster_size bytes    the slots
//     SegmentWords                  what owner and guard tell each other
//     slots * Entry                 entry i is of slot i
//     kReservations * Reservation
//
// At every instant the memory alone says what the file is still to be given: each change that
// matters is made by one atomic store, after whatever it speaks of. Pointers in it hold in the
// owner only.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "seqshim/seqcache.h"
#include "shim/system/file_id.h"

namespace seqshim {

/// What of a cluster is accepted and not in its file, and how it gets there.
struct alignas(64) Ledger {
  enum State : uint32_t {
    kFree,      // nothing: the rest means nothing either
    kAccepted,  // [offset + landed, offset + used) is due
    kOwner,     // likewise, and the owner is writing it
    kGuard,     // likewise, and the guard is writing a part of it
  };
  /// Who sets kOwner or kGuard, coming from kAccepted, alone may write to the file.
  std::atomic<uint32_t> state;
  std::atomic<uint32_t> landed;  // bytes from the cluster's offset on that the file has
  int32_t fd;                    // open for writing, in the owner's descriptor table
  int32_t direct;                // likewise, and O_DIRECT, for whole units; -1: there is none
  uint32_t unit;                 // to which offsets and lengths for `direct` are aligned, in bytes
  uint8_t appends;               // 1: fd is O_APPEND: bytes land at the end, whatever their offset
  uint32_t seen;                 // the guard's own: `used` when it last looked; in the end, a list
  FileId file;                   // what fd must be open on
};
static_assert(sizeof(Ledger) == 64);

struct Entry {
  Cluster cluster;
  Ledger ledger;
};

/// A place that a write has taken by moving the offset of a shared description, and not filled.
struct alignas(64) Reservation {
  enum State : uint32_t {
    kFree,
    kIdle,     // someone's, for later
    kPending,  // the offset was at `from`; by now it may be at from + bytes
  };
  std::atomic<uint32_t> state;
  int32_t fd;  // of the description, in the owner's descriptor table
  FileId file;
  std::atomic<int64_t> from;
  int64_t bytes;
  std::atomic<int64_t> reached;  // the bytes in front of it are accepted
};

struct alignas(64) SegmentWords {
  enum Watch : uint32_t {
    kNobody,  // no guard, or one that is to go
    kComing,  // one is being made
    kOnWatch,
    kGoing,  // it goes, unless it sees that there is something to watch
  };
  std::atomic<uint32_t> used_entries;  // those from here on were never in use, and aren't touched
  std::atomic<uint32_t> watch;
  std::atomic<uint32_t> shift;  // which guard of this owner's that is said of
  int32_t heir_fd;  // a process descriptor in the table, until the owner has met the heir; or -1
};

class Segment {
 public:
  constexpr Segment() = default;
  Segment(std::byte* base, size_t cluster_size, size_t slots)
      : base_(base), cluster_size_(cluster_size), slots_(slots) {}

  static constexpr size_t kReservations = 64;

  static constexpr size_t bytes_for(size_t cluster_size, size_t slots) {
    return slots * (cluster_size + sizeof(Entry)) + sizeof(SegmentWords) +
           kReservations * sizeof(Reservation);
  }

  size_t bytes() const { return bytes_for(cluster_size_, slots_); }
  size_t cluster_size() const { return cluster_size_; }
  size_t slots() const { return slots_; }
  std::byte* slot(size_t index) const { return base_ + index * cluster_size_; }
  SegmentWords& words() const { return *reinterpret_cast<SegmentWords*>(slot(slots_)); }
  Entry& entry(size_t index) const {
    return reinterpret_cast<Entry*>(slot(slots_) + sizeof(SegmentWords))[index];
  }
  Reservation& reservation(size_t index) const {
    return reinterpret_cast<Reservation*>(&entry(slots_))[index];
  }

 private:
  std::byte* base_ = nullptr;
  size_t cluster_size_ = 0;
  size_t slots_ = 0;
};

}  // namespace seqshim
