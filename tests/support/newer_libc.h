/* What the tests use of newer C libraries, for those that lack it. */
#pragma once

#include <errno.h>
#include <features.h>
#include <linux/close_range.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC /* since Linux 5.11 */
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
#ifndef SYS_close_range
#define SYS_close_range __NR_close_range
#endif
#ifndef SYS_openat2
#define SYS_openat2 __NR_openat2
#endif

#if !__GLIBC_PREREQ(2, 34)
static inline int close_range(unsigned first, unsigned last, int flags) {
  return (int)syscall(__NR_close_range, first, last, flags);
}
static inline void closefrom(int first) { close_range(first < 0 ? 0U : (unsigned)first, ~0U, 0); }
static inline pid_t _Fork(void) { return fork(); }
/* Those that a test may have; what isn't open is passed over. */
static inline int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t* actions,
                                                           int first) {
  int error = 0;
  for (int fd = first; fd < 256 && error == 0; ++fd)
    error = posix_spawn_file_actions_addclose(actions, fd);
  return error;
}
#endif

#if !__GLIBC_PREREQ(2, 32)
/* Those that tests look for by name; of the others the number. */
static inline const char* strerrorname_np(int error) {
  static char number[16];
  switch (error) {
    case EAGAIN:
      return "EAGAIN";
    case EBADF:
      return "EBADF";
    case EDQUOT:
      return "EDQUOT";
    case EFBIG:
      return "EFBIG";
    case EINTR:
      return "EINTR";
    case EINVAL:
      return "EINVAL";
    case EIO:
      return "EIO";
    case ENOSPC:
      return "ENOSPC";
    case EROFS:
      return "EROFS";
    default:
      snprintf(number, sizeof number, "%d", error);
      return number;
  }
}
#endif
