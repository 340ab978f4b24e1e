// The counters that all processes of a run add to; see shim/report/progress.h.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "shim/report/progress.h"

namespace seqshim {

/// Of a whole run so far.
struct Totals {
  Tallies tallies{};
  uint64_t files = 0, files_read = 0, bytes_read = 0;
};

/// A file that a process is writing just now.
struct WrittenFile {
  size_t slot;  // the same as long as it is open
  pid_t process;
  std::string path;  // or its end
  Tallies tallies;
};

class SharedCounters {
 public:
  SharedCounters() = default;
  ~SharedCounters();
  SharedCounters(const SharedCounters&) = delete;
  SharedCounters& operator=(const SharedCounters&) = delete;

  /// False, after one line on standard error: there are none to be had.
  bool create();

  /// By which other processes find them, as long as this one has fd() open. It is closed by exec.
  std::string path() const;
  int fd() const { return fd_; }

  Totals totals() const;
  /// In the order of their slots. Those of processes that are gone, or can't be seen from here, are
  /// left out.
  std::vector<WrittenFile> files() const;

 private:
  int fd_ = -1;
  Progress* progress_ = nullptr;
};

}  // namespace seqshim
