// What tells a file from the one that had its number before it was deleted.
#pragma once

#include <linux/fs.h>

#include <cstdint>
#include <optional>

#include "shim/system/syscalls.h"

namespace seqshim {

/// Of the file that `fd` is open on: not the same for any two files that had its number (ext4, xfs,
/// f2fs: drawn at random or counted). None where the file system doesn't tell.
inline std::optional<uint32_t> generation_of(int fd) {
  // The kernel's own file systems fill an int. One in user space (FUSE) fills all that the call's
  // number speaks of, a long.
  uint32_t generation[sizeof(long) / sizeof(uint32_t)] = {};
  static_assert(sizeof generation >= _IOC_SIZE(FS_IOC_GETVERSION));
  if (sys::call_with(__NR_ioctl, fd, FS_IOC_GETVERSION, generation) != 0) return std::nullopt;
  return generation[0];
}

}  // namespace seqshim
