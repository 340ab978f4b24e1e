// What was measured of one run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shim/report/counters.h"

namespace seqshim {

enum class Way : uint8_t { kPlain, kSeqshim };

constexpr const char* name_of(Way way) { return way == Way::kPlain ? "plain" : "seqshim"; }

struct RunResult {
  int round;  // from 1
  Way way;
  int exit_code;               // of a signal: 128 and its number
  double seconds;              // of the command
  double sync_seconds;         // then, until all was on the disk
  double user, system;         // CPU seconds of the command's processes
  double sync_system;          // and of the sync
  std::optional<double> left;  // bytes of the output files in the page cache; not known: no files
  double cached_growth;        // bytes, of the page cache of the whole machine
  std::optional<Counters> written;  // as the shim's report has it

  double durable_seconds() const { return seconds + sync_seconds; }
};

}  // namespace seqshim
