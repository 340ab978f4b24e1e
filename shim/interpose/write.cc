#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// Apart, and the last thing that write() does: that has fewer registers to save so.
[[gnu::noinline]] ssize_t write_otherwise(int fd, const void* source, size_t bytes) {
  int64_t reserved = kAtPosition;
  if (append_claimed_at_once(fd, source, bytes, reserved)) return static_cast<ssize_t>(bytes);
  return write_or(
      fd, bytes, [&] { return write_managed(fd, source, bytes, reserved); },
      [&] { return thin().write(fd, source, bytes); });
}

}  // namespace

SEQSHIM_EXPORT ssize_t write(int fd, const void* source, size_t bytes) {
  const FdEntry entry = state().fds[fd];
  if (entry.passes()) [[likely]]
    return thin().write(fd, source, bytes);
  cancellation_point();
  if (append_at_once(fd, entry, source, bytes)) [[likely]]
    return static_cast<ssize_t>(bytes);
  return write_otherwise(fd, source, bytes);
}
SEQSHIM_TWIN(__write, write);

SEQSHIM_EXPORT ssize_t pwrite(int fd, const void* source, size_t bytes, off_t offset) {
  if (passes(fd)) return thin().pwrite(fd, source, bytes, offset);
  cancellation_point();
  const iovec vector{const_cast<void*>(source), bytes};
  return write_or(
      fd, bytes, [&] { return pwrite_managed(fd, &vector, 1, offset); },
      [&] { return thin().pwrite(fd, source, bytes, offset); });
}
SEQSHIM_TWIN(pwrite64, pwrite);
SEQSHIM_TWIN(__pwrite64, pwrite);

SEQSHIM_EXPORT ssize_t writev(int fd, const iovec* vectors, int count) {
  if (passes(fd)) return thin().writev(fd, vectors, count);
  cancellation_point();
  return write_or(
      fd, bytes_of(vectors, count), [&] { return write_managed(fd, vectors, count); },
      [&] { return thin().writev(fd, vectors, count); });
}

SEQSHIM_EXPORT ssize_t pwritev(int fd, const iovec* vectors, int count, off_t offset) {
  if (passes(fd)) return libc().pwritev(fd, vectors, count, offset);
  cancellation_point();
  return write_or(
      fd, bytes_of(vectors, count), [&] { return pwrite_managed(fd, vectors, count, offset); },
      [&] { return libc().pwritev(fd, vectors, count, offset); });
}
SEQSHIM_TWIN(pwritev64, pwritev);

SEQSHIM_EXPORT ssize_t pwritev2(int fd, const iovec* vectors, int count, off_t offset, int flags) {
  const auto call = [&] { return libc().pwritev2(fd, vectors, count, offset, flags); };
  if (passes(fd)) return call();
  cancellation_point();
  if (flags != 0) return prepare(fd, Need::kBoth) ? call() : fail<ssize_t>(EBADF);
  const auto managed = [&] {
    return offset == -1 ? write_managed(fd, vectors, count)
                        : pwrite_managed(fd, vectors, count, offset);
  };
  return write_or(fd, bytes_of(vectors, count), managed, call);
}
SEQSHIM_TWIN(pwritev64v2, pwritev2);
