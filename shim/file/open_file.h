// One open file description, as far as this process can tell.
#pragma once

#include <fcntl.h>

#include <atomic>
#include <cstdint>

namespace seqshim {

class Inode;

/// What a program asks for itself: its calls reach the kernel one by one.
inline constexpr int kOwnWay = O_DIRECT | O_SYNC | O_DSYNC;

/// Guarded by its inode's lock. The memory is recycled, never returned, so a stale pointer can be
/// followed to a lock, and under the lock be found stale.
struct OpenFile {
  std::atomic<Inode*> inode{nullptr};
  OpenFile* next = nullptr;  // of the same inode
  int descriptors = 0;       // numbers of the program's that refer to it
  /// A private number for the same description, from the first accepted byte to the last close:
  /// the program's own numbers may vanish behind our back, accepted bytes may not.
  int keeper = -1;
  /// The errno of accepted bytes that were lost since it was last told one; 0: none.
  int error = 0;
  bool writable = false;
  /// Other processes may hold the same description: its position is the kernel's alone, and every
  /// write reserves its bytes there first.
  bool claimed = false;
  /// Where the last write to a claimed one has left the kernel's offset, as far as we know; -1: not
  /// known. Found elsewhere, someone else is writing too, and the kernel is to put both in order.
  int64_t left_at = -1;
  /// O_DIRECT, O_SYNC, O_DSYNC of the program's own, or O_APPEND without its single-writer promise:
  /// each call goes to the kernel.
  bool bypass = false;
  /// O_APPEND under SEQSHIM_APPEND=1: every write begins at the end of the file.
  bool append = false;

  bool caches() const { return writable && !bypass; }
  /// Its writes take their place by moving the kernel's offset.
  bool reserves() const { return claimed && !append && caches(); }
};

}  // namespace seqshim
