// All that a comparison has found.
#pragma once

#include <string>
#include <vector>

#include "shim/cli/compare/run_result.h"
#include "shim/cli/report/report_file.h"
#include "shim/cli/settings.h"
#include "shim/cli/words.h"

namespace seqshim {

struct Comparison {
  Words command;
  int rounds, warmup;
  Variables shim;                     // SEQSHIM_* of the shimmed runs
  std::vector<RunResult> runs;        // in their order, without those that were to warm up
  std::vector<ProcessReport> report;  // of the last shimmed one
  std::vector<std::string> notes;     // each a sentence without a full stop
  std::string verdict;
};

/// The command as one line of printable text, its words quoted where a shell would need it.
std::string command_text(const Words& command);

}  // namespace seqshim
