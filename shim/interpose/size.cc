#include "shim/interpose/entry.h"

using namespace seqshim;

SEQSHIM_EXPORT int ftruncate(int fd, off_t size) noexcept {
  return with_kernel(Need::kData, thin().ftruncate, fd, size);
}
SEQSHIM_TWIN(ftruncate64, ftruncate);

SEQSHIM_EXPORT int truncate(const char* path, off_t size) noexcept {
  // Whichever file the path will lead to by then.
  hand_over_all();
  return thin().truncate(path, size);
}
SEQSHIM_TWIN(truncate64, truncate);

SEQSHIM_EXPORT int fallocate(int fd, int mode, off_t offset, off_t bytes) {
  return with_kernel(Need::kData, thin().fallocate, fd, mode, offset, bytes);
}
SEQSHIM_TWIN(fallocate64, fallocate);

// The two of POSIX return the error instead of setting errno.

SEQSHIM_EXPORT int posix_fallocate(int fd, off_t offset, off_t bytes) {
  if (!prepare(fd, Need::kData)) return EBADF;
  return libc().posix_fallocate(fd, offset, bytes);
}
SEQSHIM_TWIN(posix_fallocate64, posix_fallocate);

SEQSHIM_EXPORT int posix_fadvise(int fd, off_t offset, off_t bytes, int advice) noexcept {
  if (!prepare(fd, Need::kData)) return EBADF;
  // What is asked for in advance is read in, too.
  if (advice == POSIX_FADV_WILLNEED) about_to_read(fd, offset, static_cast<size_t>(bytes));
  return libc().posix_fadvise(fd, offset, bytes, advice);
}
SEQSHIM_TWIN(posix_fadvise64, posix_fadvise);
