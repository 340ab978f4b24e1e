#include "shim/profile/entry.h"

using namespace seqshim::profiling;

SEQSHIM_EXPORT ssize_t write(int fd, const void* source, size_t bytes) {
  return watch_write(fd, Via::kWrite, kAtPosition, bytes,
                     [&] { return thin().write(fd, source, bytes); });
}
SEQSHIM_TWIN(__write, write);

SEQSHIM_EXPORT ssize_t pwrite(int fd, const void* source, size_t bytes, off_t offset) {
  return watch_write(fd, Via::kPwrite, offset, bytes,
                     [&] { return thin().pwrite(fd, source, bytes, offset); });
}
SEQSHIM_TWIN(pwrite64, pwrite);
SEQSHIM_TWIN(__pwrite64, pwrite);

// How much vectors have in them is for the kernel to read: they may not be there.

SEQSHIM_EXPORT ssize_t writev(int fd, const iovec* vectors, int count) {
  return watch_write(fd, Via::kWritev, kAtPosition, kAnyNumber,
                     [&] { return thin().writev(fd, vectors, count); });
}

SEQSHIM_EXPORT ssize_t pwritev(int fd, const iovec* vectors, int count, off_t offset) {
  return watch_write(fd, Via::kPwritev, offset, kAnyNumber,
                     [&] { return next().pwritev(fd, vectors, count, offset); });
}
SEQSHIM_TWIN(pwritev64, pwritev);

SEQSHIM_EXPORT ssize_t pwritev2(int fd, const iovec* vectors, int count, off_t offset, int flags) {
  constexpr off_t kUsePosition = -1;
  return watch_write(fd, Via::kPwritev, offset == kUsePosition ? kAtPosition : offset, kAnyNumber,
                     [&] { return next().pwritev2(fd, vectors, count, offset, flags); });
}
SEQSHIM_TWIN(pwritev64v2, pwritev2);

SEQSHIM_EXPORT ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset,
                                       size_t bytes, unsigned flags) {
  return watch_copy(to, Via::kCopyFileRange, to_offset, [&] {
    return thin().copy_file_range(from, from_offset, to, to_offset, bytes, flags);
  });
}

SEQSHIM_EXPORT ssize_t sendfile(int to, int from, off_t* offset, size_t bytes) noexcept {
  return watch_copy(to, Via::kSendfile, nullptr,
                    [&] { return thin().sendfile(to, from, offset, bytes); });
}
SEQSHIM_TWIN(sendfile64, sendfile);

SEQSHIM_EXPORT ssize_t splice(int from, off64_t* from_offset, int to, off64_t* to_offset,
                              size_t bytes, unsigned flags) {
  return watch_copy(to, Via::kSplice, to_offset,
                    [&] { return thin().splice(from, from_offset, to, to_offset, bytes, flags); });
}

SEQSHIM_EXPORT int fsync(int fd) {
  return watch_sync(fd, [&] { return thin().fsync(fd); });
}

SEQSHIM_EXPORT int fdatasync(int fd) {
  return watch_sync(fd, [&] { return thin().fdatasync(fd); });
}
