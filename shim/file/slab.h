// Records that are recycled but never returned to the system.
#pragma once

#include <cstddef>

#include "shim/file/owner_lock.h"
#include "shim/system/map_pages.h"

namespace seqshim {

/// Hands out uninitialised room for a T, each with a lock that outlives its tenants: who follows a
/// stale pointer to a record finds a lock there in any case, and under it that it came too late.
/// Zero is an empty slab. A forked child keeps the records of its parent, for an append that the
/// fork interrupted, and begins a slab of its own. Not thread-safe.
template <class T>
class Slab {
 public:
  struct Room {
    OwnerLock lock;
    Room* next;
    alignas(T) std::byte body[sizeof(T)];
  };

  /// nullptr: no memory.
  Room* allocate() {
    if (free_ != nullptr) {
      Room* const room = free_;
      free_ = room->next;
      return room;
    }
    if (fresh_ == fresh_end_ && !grow()) return nullptr;
    return fresh_++;
  }

  void recycle(T* tenant) {
    auto* const body = reinterpret_cast<std::byte*>(tenant);
    Room* const room = reinterpret_cast<Room*>(body - offsetof(Room, body));
    room->next = free_;
    free_ = room;
  }

 private:
  bool grow() {
    constexpr size_t kChunk = size_t{256} << 10;
    void* const chunk = sys::map_pages(kChunk);
    if (chunk == nullptr) return false;
    fresh_ = static_cast<Room*>(chunk);
    fresh_end_ = fresh_ + kChunk / sizeof(Room);
    return true;
  }

  Room* free_;   // by next
  Room* fresh_;  // never used up to fresh_end_, and not touched either
  Room* fresh_end_;
};

}  // namespace seqshim
