// What the guard does all its life.
#pragma once

#include <errno.h>
#include <sys/stat.h>

#include <cstddef>
#include <cstdint>

#include "shim/system/kept_file.h"
#include "shim/system/syscalls.h"

namespace seqshim {

struct Orders {
  KeptFile file;
  size_t cluster_size;  // bytes
  size_t slots;
  int owner;             // process id
  int owner_fd;          // and descriptor
  uint64_t owner_inode;  // and what it is open on: inode_of_process()
  uint32_t shift;        // what SegmentWords says as long as there is no later guard
  unsigned idle_ms;
  const char* log_path;  // in the owner's memory, absolute; null: no log
};

/// Of a process descriptor. Since Linux 6.9 no two processes have the same, before that all have;
/// 0: the kernel won't say.
inline uint64_t inode_of_process(long fd) {
  struct stat facts;
  return sys::call_with(__NR_fstat, fd, &facts) == 0 ? facts.st_ino : 0;
}

/// Whether `fd` is open on a process: numbers change their meaning behind our back.
inline bool is_of_a_process(long fd) {
  return sys::call_with(__NR_pidfd_send_signal, fd, 0, nullptr, 0) != -EBADF;
}

/// In a child that has a copy of the owner's memory and shares its descriptors: lets go of that
/// memory, watches over the segment until the owner is gone, finishes its job and ends.
[[noreturn]] void watch(const Orders& orders);

}  // namespace seqshim
