// What of a file lies in the page cache.
#pragma once

#include <cstddef>
#include <cstdint>

namespace seqshim {

/// Whether more than half of [from, from + bytes) does, of which no more than the first MiB is
/// looked at. False also where the kernel won't say.
bool mostly_resident(int fd, int64_t from, size_t bytes);

/// Whether the file lives on a file system that keeps its pages under another file: then
/// cachestat(2) and sync_file_range(2) know nothing of them.
bool is_stacked(int fd);

}  // namespace seqshim
