// What of a file lies in the page cache.
#pragma once

#include <cstddef>
#include <cstdint>

namespace seqshim {

/// Whether more than half of [from, from + bytes) does, of which no more than the first MiB is
/// looked at. False also where the kernel won't say.
bool mostly_resident(int fd, int64_t from, size_t bytes);

/// How many pages of [from, from + bytes) do, where `from` is the first byte of a page. -1: the
/// kernel won't say. By a descriptor that may read, of a file that is_stacked() or not.
int64_t resident_pages(int fd, int64_t from, size_t bytes, bool stacked);

/// Whether all of a file of `size` bytes does, as far as one quick look can tell.
bool wholly_resident(int fd, int64_t size);

/// Whether the file lives on a file system that keeps its pages under another file: then
/// cachestat(2) and sync_file_range(2) know nothing of them.
bool is_stacked(int fd);

}  // namespace seqshim
