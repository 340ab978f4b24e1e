#include "shim/file/read_file.h"

#include <new>

namespace seqshim {

void ReadFile::advance(int fd, int64_t offset, size_t count) {
  if (left_alone) {
    due_at.store(UINT64_MAX, std::memory_order_relaxed);
    calm_from.store(0, std::memory_order_relaxed);
    calm_until.store(INT64_MAX, std::memory_order_relaxed);
    return;
  }
  const uint64_t total = bytes.load(std::memory_order_relaxed);
  const int64_t until = behind.advance(fd, offset, count, total);
  blind.store(behind.blind(), std::memory_order_relaxed);
  calm_from.store(behind.covered_from(), std::memory_order_relaxed);
  calm_until.store(until, std::memory_order_relaxed);
  due_at.store(total + static_cast<uint64_t>(until - offset), std::memory_order_relaxed);
}

void ReadFile::finish(int fd) {
  behind.finish(fd);
  due_at.store(0, std::memory_order_relaxed);
  calm_until.store(0, std::memory_order_relaxed);
}

size_t ReadFiles::bucket_of(const FileId& id) { return hash_of(id) % kBuckets; }

ReadFile* ReadFiles::find(const FileId& id) const {
  ReadFile* file = buckets_[bucket_of(id)];
  while (file != nullptr && file->id != id) file = file->next;
  return file;
}

ReadFile* ReadFiles::add(const FileId& id, int64_t size, bool stacked) {
  auto* const room = slab_.allocate();
  if (room == nullptr) return nullptr;
  auto* const file = new (room->body) ReadFile{};
  file->id = id;
  file->behind.start(size, stacked);
  ReadFile*& head = buckets_[bucket_of(id)];
  file->next = head;
  head = file;
  ++count_;
  return file;
}

void ReadFiles::remove(ReadFile& file, bool held_by_us) {
  ReadFile** link = &buckets_[bucket_of(file.id)];
  while (*link != &file) link = &(*link)->next;
  *link = file.next;
  --count_;
  if (held_by_us) slab_.recycle(&file);
}

}  // namespace seqshim
