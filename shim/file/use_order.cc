#include "shim/file/use_order.h"

#include "shim/file/inode.h"

namespace seqshim {

void UseOrder::unlink(Inode& inode) {
  UsePlace& place = inode.use_place;
  if (!place.taken) return;
  (place.older != nullptr ? place.older->use_place.newer : oldest_) = place.newer;
  (place.newer != nullptr ? place.newer->use_place.older : newest_) = place.older;
  place = {};
}

void UseOrder::used(Inode& inode) {
  MutexLock lock(mutex_);
  if (newest_ == &inode) return;
  unlink(inode);
  inode.use_place = {.older = newest_, .newer = nullptr, .taken = true};
  (newest_ != nullptr ? newest_->use_place.newer : oldest_) = &inode;
  newest_ = &inode;
}

void UseOrder::rests(Inode& inode) {
  MutexLock lock(mutex_);
  unlink(inode);
}

Inode* UseOrder::oldest() {
  MutexLock lock(mutex_);
  return oldest_;
}

Inode* UseOrder::after(const Inode& inode) {
  MutexLock lock(mutex_);
  return inode.use_place.newer;
}

}  // namespace seqshim
