#include "shim/file/inode_order.h"

#include "shim/file/inode.h"

namespace seqshim {

template <InodeOrderKind kKind>
void InodeOrder<kKind>::unlink(Inode& inode) {
  InodePlace& place = inode.places[kKind];
  if (!place.taken) return;
  (place.older != nullptr ? place.older->places[kKind].newer : oldest_) = place.newer;
  (place.newer != nullptr ? place.newer->places[kKind].older : newest_) = place.older;
  place = {};
}

template <InodeOrderKind kKind>
void InodeOrder<kKind>::append(Inode& inode) {
  inode.places[kKind] = {.older = newest_, .newer = nullptr, .taken = true};
  (newest_ != nullptr ? newest_->places[kKind].newer : oldest_) = &inode;
  newest_ = &inode;
}

template <InodeOrderKind kKind>
void InodeOrder<kKind>::becomes_newest(Inode& inode) {
  MutexLock lock(mutex_);
  if (newest_ == &inode) return;
  unlink(inode);
  append(inode);
}

template <InodeOrderKind kKind>
void InodeOrder<kKind>::enters(Inode& inode) {
  MutexLock lock(mutex_);
  if (!inode.places[kKind].taken) append(inode);
}

template <InodeOrderKind kKind>
void InodeOrder<kKind>::leaves(Inode& inode) {
  MutexLock lock(mutex_);
  unlink(inode);
}

template <InodeOrderKind kKind>
Inode* InodeOrder<kKind>::oldest() {
  MutexLock lock(mutex_);
  return oldest_;
}

template <InodeOrderKind kKind>
Inode* InodeOrder<kKind>::after(const Inode& inode) {
  MutexLock lock(mutex_);
  return inode.places[kKind].newer;
}

template <InodeOrderKind kKind>
Inode* InodeOrder<kKind>::lock_oldest() {
  MutexLock lock(mutex_);
  Inode* inode = oldest_;
  while (inode != nullptr && !inode->lock.try_lock()) inode = inode->places[kKind].newer;
  return inode;
}

template class InodeOrder<kByUse>;
template class InodeOrder<kInFlight>;

}  // namespace seqshim
