// Files in order: those that hold clusters, by when they were last given one, and those that have
// some on their way to the disk, by who has waited longest.
#pragma once

#include "shim/system/mutex.h"

namespace seqshim {

class Inode;

enum InodeOrderKind { kByUse, kInFlight, kInodeOrders };

/// A file's place in one of them.
struct InodePlace {
  Inode *older = nullptr, *newer = nullptr;
  bool taken = false;
};

/// Zero is none. Thread-safe; signals blocked. The lock is the innermost.
template <InodeOrderKind kKind>
class InodeOrder {
 public:
  /// It is the newest from now on.
  void becomes_newest(Inode& inode);
  /// Likewise, unless it has a place already.
  void enters(Inode& inode);
  void leaves(Inode& inode);
  /// nullptr: there is none. The caller sees to it that no file goes.
  Inode* oldest();
  /// The next newer one, likewise.
  Inode* after(const Inode& inode);
  /// The oldest that nobody holds the lock of, which is taken: so it can't go.
  Inode* lock_oldest();

 private:
  void unlink(Inode& inode);
  void append(Inode& inode);

  Mutex mutex_;
  // Guarded by mutex_, and so are the places.
  Inode* oldest_ = nullptr;
  Inode* newest_ = nullptr;
};

}  // namespace seqshim
