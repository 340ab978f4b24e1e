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
  uint32_t generation = 0;  // the kernel's "long" is an int
  if (sys::call_with(__NR_ioctl, fd, FS_IOC_GETVERSION, &generation) != 0) return std::nullopt;
  return generation;
}

}  // namespace seqshim
