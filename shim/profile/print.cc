// What prints to a descriptor. libc's own goes through the slots of its streams up to glibc 2.36,
// and from then on unseen.
#include <gnu/libc-version.h>

#include <cstdlib>
#include <cstring>

#include "shim/profile/entry.h"
#include "shim/profile/stream.h"

using namespace seqshim::profiling;

namespace {

constinit bool seen_below = true;

bool goes_through_streams() {
  const char* const version = gnu_get_libc_version();
  const char* const minor = std::strchr(version, '.');
  return version[0] == '2' && minor != nullptr && std::atoi(minor + 1) < 37;
}

template <class Call>
int watch_print(int fd, Call call) {
  if (seen_below) return call();
  return watch_write(fd, Via::kPrint, kAtPosition, kAnyNumber, call);
}

}  // namespace

namespace seqshim::profiling {

void watch_prints() { seen_below = goes_through_streams(); }

}  // namespace seqshim::profiling

SEQSHIM_EXPORT int vdprintf(int fd, const char* format, va_list arguments) {
  return watch_print(fd, [&] { return next().vdprintf(fd, format, arguments); });
}

SEQSHIM_EXPORT int dprintf(int fd, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = vdprintf(fd, format, arguments);
  va_end(arguments);
  return result;
}

SEQSHIM_EXPORT int __vdprintf_chk(int fd, int flag, const char* format, va_list arguments) {
  return watch_print(fd, [&] { return next().vdprintf_checked(fd, flag, format, arguments); });
}

SEQSHIM_EXPORT int __dprintf_chk(int fd, int flag, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int result = __vdprintf_chk(fd, flag, format, arguments);
  va_end(arguments);
  return result;
}
