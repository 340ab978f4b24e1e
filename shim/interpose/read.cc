#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// Vectors are the kernel's to look at, and together seldom large.
constexpr size_t kUncounted = 0;

}  // namespace

SEQSHIM_EXPORT ssize_t read(int fd, void* target, size_t bytes) {
  const auto call = [&] { return thin().read(fd, target, bytes); };
  if (passes(fd)) return call();
  cancellation_point();
  return follow_read(fd, kAtPosition, bytes,
                     [&] { return conclude(read_managed(fd, target, bytes), call); });
}
SEQSHIM_TWIN(__read, read);

SEQSHIM_EXPORT ssize_t pread(int fd, void* target, size_t bytes, off_t offset) {
  return read_with_kernel(Need::kData, offset, bytes, thin().pread, fd, target, bytes, offset);
}
SEQSHIM_TWIN(pread64, pread);
SEQSHIM_TWIN(__pread64, pread);

SEQSHIM_EXPORT ssize_t readv(int fd, const iovec* vectors, int count) {
  const auto call = [&] { return thin().readv(fd, vectors, count); };
  if (passes(fd)) return call();
  cancellation_point();
  return follow_read(fd, kAtPosition, kUncounted,
                     [&] { return conclude(read_managed(fd, vectors, count), call); });
}

SEQSHIM_EXPORT ssize_t preadv(int fd, const iovec* vectors, int count, off_t offset) {
  return read_with_kernel(Need::kData, offset, kUncounted, libc().preadv, fd, vectors, count,
                          offset);
}
SEQSHIM_TWIN(preadv64, preadv);

SEQSHIM_EXPORT ssize_t preadv2(int fd, const iovec* vectors, int count, off_t offset, int flags) {
  return read_with_kernel(Need::kBoth, offset, kUncounted, libc().preadv2, fd, vectors, count,
                          offset, flags);
}
SEQSHIM_TWIN(preadv64v2, preadv2);

SEQSHIM_EXPORT ssize_t __read_chk(int fd, void* target, size_t bytes, size_t room) {
  return read_with_kernel(Need::kBoth, kAtPosition, bytes, libc().__read_chk, fd, target, bytes,
                          room);
}

SEQSHIM_EXPORT ssize_t __pread_chk(int fd, void* target, size_t bytes, off_t offset, size_t room) {
  return read_with_kernel(Need::kData, offset, bytes, libc().__pread_chk, fd, target, bytes, offset,
                          room);
}
SEQSHIM_TWIN(__pread64_chk, __pread_chk);
