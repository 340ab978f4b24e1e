// What writes to a descriptor inside libc, by a stream of its own or none.
#include "shim/interpose/entry.h"

using namespace seqshim;

namespace {

/// Prints into a buffer first, from which the bytes take the program's usual way. What doesn't fit
/// is libc's.
template <class Format, class Call>
int print_to(int fd, Format format, Call call) {
  if (passes(fd)) return call();
  char text[1024];
  const int saved = errno;
  const int length = format(text, sizeof text);
  errno = saved;
  if (length <= 0 || static_cast<size_t>(length) >= sizeof text)
    return prepare(fd, Need::kBoth) ? call() : fail(EBADF);
  for (int done = 0; done < length;) {
    const ssize_t written = write(fd, text + done, static_cast<size_t>(length - done));
    if (written < 0) return -1;
    done += static_cast<int>(written);
  }
  return length;
}

}  // namespace

SEQSHIM_EXPORT int vdprintf(int fd, const char* format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  const int result = print_to(
      fd, [&](char* text, size_t room) { return vsnprintf(text, room, format, again); },
      [&] { return libc().vdprintf(fd, format, arguments); });
  va_end(again);
  return result;
}

SEQSHIM_EXPORT int dprintf(int fd, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = vdprintf(fd, format, arguments);
  va_end(arguments);
  return result;
}

SEQSHIM_EXPORT int __vdprintf_chk(int fd, int flag, const char* format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  const int result = print_to(
      fd,
      [&](char* text, size_t room) {
        return __vsnprintf_chk(text, room, flag, room, format, again);
      },
      [&] { return libc().__vdprintf_chk(fd, flag, format, arguments); });
  va_end(again);
  return result;
}

SEQSHIM_EXPORT int __dprintf_chk(int fd, int flag, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = __vdprintf_chk(fd, flag, format, arguments);
  va_end(arguments);
  return result;
}

SEQSHIM_EXPORT void perror(const char* message) {
  const int error = errno;
  prepare(STDERR_FILENO, Need::kBoth);
  errno = error;
  libc().perror(message);
}

SEQSHIM_EXPORT void backtrace_symbols_fd(void* const* addresses, int count, int fd) noexcept {
  if (prepare(fd, Need::kBoth)) libc().backtrace_symbols_fd(addresses, count, fd);
}
SEQSHIM_TWIN(__backtrace_symbols_fd, backtrace_symbols_fd);
