// What kind of file system a file is on.
#pragma once

#include <linux/magic.h>
#include <sys/statfs.h>

#include "shim/system/syscalls.h"

namespace seqshim::sys {

/// Not in every <linux/magic.h>.
inline constexpr unsigned long kXfs = 0x58465342;

/// As in <linux/magic.h>; 0: the kernel won't say.
inline unsigned long file_system_type(int fd) {
  struct statfs facts;
  if (call_with(__NR_fstatfs, fd, &facts) != 0) return 0;
  return static_cast<unsigned long>(facts.f_type);
}

/// Whether the page cache is where such a file system keeps its files.
inline bool lives_in_memory(unsigned long type) {
  return type == TMPFS_MAGIC || type == RAMFS_MAGIC || type == HUGETLBFS_MAGIC;
}

}  // namespace seqshim::sys
