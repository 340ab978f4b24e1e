// Keeps what is read of a file out of the page cache, but for what was there already.
//
// The program's reads go to the kernel as they are, so that the kernel reads ahead for them as
// ever. Before it does, we look which granules of the file have no page in the cache; once they
// have been read, those are dropped. (RWF_DONTCACHE does without the looking, but drops a folio
// with the first byte that is read of it: whoever reads less than a folio at a time reads it from
// the disk again and again.)
#pragma once

#include <cstddef>
#include <cstdint>

namespace seqshim {

/// Zero is one that has seen no read yet. Makes system calls only; not thread-safe.
class DropBehind {
 public:
  /// `size`: the file's, as far as it is known. `stacked`: see is_stacked().
  void start(int64_t size, bool stacked);
  /// Before a read of `bytes` at `offset`: looks at what lies ahead of it, before the kernel reads
  /// ahead that far, and drops what lies behind, if since the last time enough of the `total` was
  /// read: who jumps about may come back, or map it. Returns the offset up to which reads need no
  /// such call.
  int64_t advance(int fd, int64_t offset, size_t bytes, uint64_t total);
  /// Drops the rest. The next read begins anew.
  void finish(int fd);
  /// The same, and nothing is dropped.
  void forget() {
    absent_ = 0;
    granule_ = 0;
  }

  /// Where reads need no call of advance() begin.
  int64_t covered_from() const { return from_; }
  /// The kernel doesn't tell this process what is cached of the file, so nothing is dropped.
  bool blind() const { return blind_; }

 private:
  static constexpr int kGranules = 64;  // in the stretch that is known, a bit each

  int64_t end() const { return from_ + kGranules * granule_; }
  bool covers_file() const { return from_ == 0 && end() >= size_; }
  /// From here on more is to be looked at.
  int64_t middle() const { return covers_file() ? end() : from_ + kGranules / 2 * granule_; }
  int64_t reach_of(int64_t offset, size_t bytes) const;
  void restart(int fd, int64_t offset, int64_t reach);
  void slide(int fd, int64_t offset, uint64_t total);
  uint64_t look(int fd, int64_t from, int count);
  bool wait_for_read_ahead(int fd) const;
  void drop(int fd, int64_t to) const;

  int64_t size_;
  int64_t granule_;      // bytes; 0: nothing is known
  int64_t from_;         // where the stretch begins
  uint64_t absent_;      // the granules of it that had no page in the cache
  uint64_t dropped_at_;  // of the total that was read
  bool stacked_;
  bool blind_;
};

}  // namespace seqshim
