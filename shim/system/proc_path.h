// "/proc/self/fd/N", without stdio or allocation.
#pragma once

#include "shim/system/put_text.h"

namespace seqshim {

struct ProcPath {
  explicit ProcPath(int fd) { put_number(put_text(text, "/proc/self/fd/"), fd); }
  char text[32];
};

}  // namespace seqshim
