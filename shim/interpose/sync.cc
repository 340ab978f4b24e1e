#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// Then it is not to be told again by the next call.
bool is_of_lost_bytes(int error) {
  return error == EIO || error == ENOSPC || error == EDQUOT || error == EROFS;
}

/// What a failed background write has kept is told here, as the kernel tells it of its own.
template <class Function, class... Args>
int synchronise(Function function, int fd, Args... args) {
  cancellation_point();
  if (!prepare(fd, Need::kData)) return fail(EBADF);
  const int result = function(fd, args...);
  if (result != 0 && !is_of_lost_bytes(errno)) return result;
  const int error = take_error(fd);
  return result == 0 && error != 0 ? fail(error) : result;
}

}  // namespace

SEQSHIM_EXPORT int fsync(int fd) { return synchronise(thin().fsync, fd); }

SEQSHIM_EXPORT int fdatasync(int fd) { return synchronise(thin().fdatasync, fd); }

SEQSHIM_EXPORT int sync_file_range(int fd, off64_t offset, off64_t bytes, unsigned flags) {
  return synchronise(libc().sync_file_range, fd, offset, bytes, flags);
}

SEQSHIM_EXPORT void sync() noexcept {
  hand_over_all();
  libc().sync();
}

SEQSHIM_EXPORT int syncfs(int fd) noexcept {
  hand_over_all();
  return with_kernel(Need::kData, libc().syncfs, fd);
}
