// A file that we keep open for ourselves: the pool's, or what standard error was.
#pragma once

#include "shim/system/file_id.h"

namespace seqshim {

/// Zero is none.
struct KeptFile {
  int fd;  // private; below 1: there is none
  FileId id;

  /// A program that makes calls of its own may have put another file at the number.
  bool is_there() const { return fd > 0 && is_open_on(fd, id); }
};

}  // namespace seqshim
