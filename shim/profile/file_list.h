// The files that the process has written.
#pragma once

#include "shim/profile/state.h"

namespace seqshim::profiling {

/// What the kernel says of a descriptor that leads to a regular file.
struct FileFacts {
  FileNumber file;
  bool appends;  // opened with O_APPEND
  int64_t size;
};

/// False: it is no regular file. One that is new and to be watched is listed. The state is held.
bool look_up_file(State& state, int fd, FileFacts& facts);

}  // namespace seqshim::profiling
