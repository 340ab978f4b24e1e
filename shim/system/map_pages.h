// Memory straight from the kernel: libc's own may be locked by whoever called us.
#pragma once

#include <sys/mman.h>

#include <cstddef>

#include "shim/system/syscalls.h"

namespace seqshim::sys {

/// Readable and writable; anonymous and empty unless `flags` and `fd` say otherwise. nullptr: there
/// is no memory.
inline void* map_pages(size_t bytes, int flags = MAP_PRIVATE | MAP_ANONYMOUS, int fd = -1) {
  const long result = call_with(__NR_mmap, nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0L);
  // Addresses fill the range up to -4096, errors the rest of it.
  if (result < 0 && result > -4096) return nullptr;
  return reinterpret_cast<void*>(result);
}

inline void unmap_pages(void* start, size_t bytes) { call_with(__NR_munmap, start, bytes); }

}  // namespace seqshim::sys
