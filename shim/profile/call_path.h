// By which calls the program came to write.
#pragma once

#include <array>
#include <cstdint>

#include "shim/profile/record.h"

namespace seqshim::profiling {

struct CallPath {
  std::array<uint64_t, kMaxFrames> frames;  // addresses within the calls, the innermost first
  uint16_t depth = 0;
  bool cut = false;  // there are more frames
};

/// The calls that led to this one, without this library's own. Where a function has no unwind
/// tables, as code that is made at run time may not, the path ends. Neither locks nor allocates
/// from glibc 2.35 on.
void walk(CallPath& path);

}  // namespace seqshim::profiling
