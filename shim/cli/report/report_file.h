// A saved report, as SEQSHIM_REPORT=FILE.json leaves it: one JSON object a line for each process.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "shim/report/counters.h"

namespace seqshim {

/// One file as one process wrote it.
struct ReportedFile {
  std::string path;       // any bytes; those that weren't UTF-8 are U+0080 to U+00FF here
  uint64_t times = 1;     // it was opened and closed
  std::string rung;       // as name_of(Rung), or what a newer version calls one
  std::string hand_back;  // as name_of(HandBack), likewise; "none"
  Counters counters;      // hand-backs for reasons of a newer version aren't among them
};

/// What happened when. All three have the same length; empty: an older version wrote the report.
struct ReportedTimeline {
  uint64_t start_ms = 0;          // since the epoch
  uint64_t bucket_ms = 0;         // the width of each
  std::vector<uint64_t> written;  // bytes accepted
  std::vector<uint64_t> landed;   // bytes that reached their file
  std::vector<uint64_t> wait_ns;  // spent waiting for the device
};

struct ReportedConfig {
  uint64_t cluster = 0, memory = 0, depth = 0, direct_min = 0;
  bool append = false;
};

/// A process that runs another program (exec) has written one for each.
struct ProcessReport {
  std::string version, program, engine, guard;
  uint64_t pid = 0;
  std::optional<ReportedConfig> config;
  Counters totals;
  uint64_t files_closed = 0;
  uint64_t files_read = 0, bytes_read = 0;
  uint64_t files_read_blind = 0, bytes_read_blind = 0;
  uint64_t wall_ns = 0;                 // from the first managed file to the report; 0: not known
  uint64_t user_us = 0, system_us = 0;  // CPU time since the process began, across exec
  ReportedTimeline timeline;
  std::vector<ReportedFile> files;
  uint64_t files_unlisted = 0;  // in the totals, and in no entry of `files`
};

struct SavedReport {
  std::string path;
  std::vector<ProcessReport> processes;  // at least one, in the order in which they ended
};

/// One line: the file's name, where in it, and what is wrong.
class ReportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Members that aren't known are ignored, and missing ones are zero: the report may be of a newer
/// or an older version. Throws ReportError if the file can't be read, holds no report, or any of
/// its lines isn't whole.
SavedReport read_report(const std::string& path);

}  // namespace seqshim
