// The processes of a saved report taken together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shim/cli/report/report_file.h"

namespace seqshim {

struct Tree {
  std::string path;                      // of the report
  std::vector<ProcessReport> processes;  // in the order in which they ended
  std::vector<std::string> programs;     // each once; who wrote most comes first
  /// A file that a shell opens and a command writes is not among the unseen here.
  Counters totals;
  Reads reads, reads_blind;
  /// One for each path, the largest first, whatever process wrote it.
  std::vector<ReportedFile> files;
  uint64_t files_unlisted = 0;
  uint64_t files_written() const { return files.size() + files_unlisted; }
  /// Of all processes together, at most kMostBuckets of them; empty if none has one.
  ReportedTimeline timeline;
  uint64_t wall_ms = 0;  // from the first start to the last end; 0: not known
  /// CPU time; of a process that has written several reports the last one counts.
  uint64_t user_us = 0, system_us = 0;

  static constexpr size_t kMostBuckets = 64;
};

Tree tree_of(SavedReport report);

/// What of a file, or of all of them, its program wrote.
inline uint64_t bytes_of(const Counters& counters) {
  return counters.bytes_written + counters.bytes_passed;
}

}  // namespace seqshim
