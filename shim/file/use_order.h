// The files that hold clusters, by when they were last given one.
#pragma once

#include "shim/system/mutex.h"

namespace seqshim {

class Inode;

/// A file's place among them.
struct UsePlace {
  Inode *older = nullptr, *newer = nullptr;
  bool taken = false;
};

/// Zero is none. Thread-safe; signals blocked. The lock is the innermost.
class UseOrder {
 public:
  /// It is the newest from now on.
  void used(Inode& inode);
  /// It holds nothing any more.
  void rests(Inode& inode);
  /// nullptr: none holds anything. The caller sees to it that no file goes.
  Inode* oldest();
  /// The next newer one, likewise.
  Inode* after(const Inode& inode);

 private:
  void unlink(Inode& inode);

  Mutex mutex_;
  // Guarded by mutex_, and so are the places.
  Inode* oldest_ = nullptr;
  Inode* newest_ = nullptr;
};

}  // namespace seqshim
