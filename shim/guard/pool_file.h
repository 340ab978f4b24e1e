// The file that a pool lies in.
#pragma once

#include <sys/stat.h>

#include <cstdint>

#include "shim/system/syscalls.h"

namespace seqshim {

/// Zero is none.
struct PoolFile {
  int fd;  // below 1: there is none
  uint64_t device, inode;

  /// A program that makes calls of its own may have put another file at the number.
  bool is_there() const {
    struct stat facts;
    return fd > 0 && sys::call_with(__NR_fstat, fd, &facts) == 0 && facts.st_dev == device &&
           facts.st_ino == inode;
  }
};

}  // namespace seqshim
