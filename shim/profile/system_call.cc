// libc's syscall(), by which node and others write, and what forbids system calls.
#include <sys/syscall.h>

#include "shim/profile/entry.h"
#include "shim/profile/memory.h"

using namespace seqshim::profiling;

namespace {

using Word = long;

Word pass_on(Word number, const Word* w) {
  return next().syscall(number, w[0], w[1], w[2], w[3], w[4], w[5]);
}

}  // namespace

SEQSHIM_EXPORT long syscall(long number, ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  Word w[6];
  for (Word& word : w) word = va_arg(arguments, Word);
  va_end(arguments);
  const int fd = static_cast<int>(w[0]);
  const auto bytes = static_cast<size_t>(w[2]);
  const auto call = [&] { return pass_on(number, w); };
  switch (number) {
    case __NR_write:
      return watch_write(fd, Via::kWrite, kAtPosition, bytes, call);
    case __NR_writev:
      return watch_write(fd, Via::kWritev, kAtPosition, kAnyNumber, call);
    case __NR_pwrite64:
      return watch_write(fd, Via::kPwrite, w[3], bytes, call);
    case __NR_pwritev:
      return watch_write(fd, Via::kPwritev, w[3], kAnyNumber, call);
    case __NR_pwritev2:
      return watch_write(fd, Via::kPwritev, w[3] == -1 ? kAtPosition : w[3], kAnyNumber, call);
    case __NR_copy_file_range:
      return watch_copy(static_cast<int>(w[2]), Via::kCopyFileRange,
                        reinterpret_cast<const off64_t*>(w[3]), call);
    case __NR_splice:
      return watch_copy(static_cast<int>(w[2]), Via::kSplice,
                        reinterpret_cast<const off64_t*>(w[3]), call);
    case __NR_sendfile:
      return watch_copy(fd, Via::kSendfile, nullptr, call);
    case __NR_fsync:
    case __NR_fdatasync:
      return watch_sync(fd, [&] { return static_cast<int>(call()); });
    case __NR_close:
      forget(fd);
      return call();
    case __NR_dup3:
      forget(static_cast<int>(w[1]));
      return call();
#ifdef __NR_dup2
    case __NR_dup2:
      forget(static_cast<int>(w[1]));
      return call();
#endif
    case __NR_seccomp:
      stop_noting();
      return call();
    default:
      return call();
  }
}

SEQSHIM_EXPORT int prctl(int option, ...) noexcept {
  va_list arguments;
  va_start(arguments, option);
  unsigned long words[4];
  for (unsigned long& word : words) word = va_arg(arguments, unsigned long);
  va_end(arguments);
  if (option == PR_SET_SECCOMP) stop_noting();
  return next().prctl(option, words[0], words[1], words[2], words[3]);
}
