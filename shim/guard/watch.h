// What the guard does all its life.
#pragma once

#include <cstddef>
#include <cstdint>

#include "shim/guard/pool_file.h"

namespace seqshim {

struct Orders {
  PoolFile file;
  size_t cluster_size;  // bytes
  size_t slots;
  int owner;     // process id
  int owner_fd;  // and descriptor
  unsigned idle_ms;
  const char* log_path;  // in the owner's memory, absolute; null: no log
};

/// In a child that has a copy of the owner's memory and shares its descriptors: lets go of that
/// memory, watches over the segment until the owner is gone, finishes its job and ends.
[[noreturn]] void watch(const Orders& orders);

}  // namespace seqshim
