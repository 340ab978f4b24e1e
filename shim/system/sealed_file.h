// A memory file that the command has given its children by name.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include "shim/system/syscalls.h"

namespace seqshim::sys {

/// Opens what is at `path` if `fits(its size)`, and nobody can change that; -1: it is something
/// else. The name may outlive the command, and its number be another process's by now, or another
/// file of it: nothing is opened that doesn't look like ours, and nothing is mapped whose pages
/// could go away.
template <class Fits>
int open_sealed_file(const char* path, Fits fits) {
  constexpr long kSeals = F_SEAL_SHRINK | F_SEAL_GROW;
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  struct stat facts;
  if (call_with(__NR_newfstatat, AT_FDCWD, path, &facts, 0) != 0 || !S_ISREG(facts.st_mode) ||
      !fits(facts.st_size))
    return -1;
  const long fd = call_with(__NR_openat, AT_FDCWD, path, kFlags, 0);
  if (fd < 0) return -1;
  const long seals = call_with(__NR_fcntl, fd, F_GET_SEALS);
  if (seals >= 0 && (seals & kSeals) == kSeals && call_with(__NR_fstat, fd, &facts) == 0 &&
      fits(facts.st_size))
    return static_cast<int>(fd);
  call_with(__NR_close, fd);
  return -1;
}

}  // namespace seqshim::sys
