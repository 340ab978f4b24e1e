// Descriptors that come to lead elsewhere, and files that are locked.
#include "shim/profile/entry.h"

using namespace seqshim::profiling;

SEQSHIM_EXPORT int close(int fd) {
  forget(fd);
  return thin().close(fd);
}
SEQSHIM_TWIN(__close, close);

SEQSHIM_EXPORT int dup2(int from, int to) noexcept {
  forget(to);
  return next().dup2(from, to);
}
SEQSHIM_TWIN(__dup2, dup2);

SEQSHIM_EXPORT int dup3(int from, int to, int flags) noexcept {
  forget(to);
  return thin().dup3(from, to, flags);
}

SEQSHIM_EXPORT int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  const auto call = [&] { return next().fcntl(fd, command, argument); };
  switch (command) {
    case F_SETFL:
      forget(fd);
      return call();
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
      return watch_lock(fd, call);
    default:
      return call();
  }
}
SEQSHIM_TWIN(fcntl64, fcntl);
SEQSHIM_TWIN(__fcntl, fcntl);

SEQSHIM_EXPORT int flock(int fd, int operation) noexcept {
  return watch_lock(fd, [&] { return thin().flock(fd, operation); });
}

SEQSHIM_EXPORT int lockf(int fd, int command, off_t length) {
  return watch_lock(fd, [&] { return next().lockf(fd, command, length); });
}
SEQSHIM_TWIN(lockf64, lockf);
