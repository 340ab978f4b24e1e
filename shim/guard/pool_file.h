// The file that a pool lies in.
#pragma once

#include "shim/system/file_id.h"

namespace seqshim {

/// Zero is none.
struct PoolFile {
  int fd;  // below 1: there is none
  FileId id;

  /// A program that makes calls of its own may have put another file at the number.
  bool is_there() const { return fd > 0 && is_open_on(fd, id); }
};

}  // namespace seqshim
