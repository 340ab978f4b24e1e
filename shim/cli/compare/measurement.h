// One run after the other, each measured.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "shim/cli/compare/output_files.h"
#include "shim/cli/compare/plan.h"
#include "shim/cli/compare/process_tree.h"
#include "shim/cli/compare/run_result.h"
#include "shim/cli/report/report_file.h"
#include "shim/cli/settings.h"

namespace seqshim {

/// What the shimmed runs have in their environment beyond the others.
struct Shim {
  std::string preload;      // LD_PRELOAD
  std::string report_path;  // below a directory of ours
};

class Measurement {
 public:
  Measurement(const Plan& plan, const Shim& shim, ProcessTree& processes)
      : plan_(plan), shim_(shim), processes_(processes), outputs_(plan.command) {}

  /// Begins with no output file in the page cache and nothing to be written back; the preparation
  /// is not part of it. Throws Failure if the command or its preparation fails and that isn't to be
  /// ignored, or whatever ends the comparison otherwise. The first should be a shimmed one: from
  /// its report it is known which files the plain ones write.
  RunResult run(int round, Way way);

  /// As the last shimmed run has written them.
  const OutputFiles& outputs() const { return outputs_; }
  const std::vector<ProcessReport>& report() const { return report_; }

 private:
  void prepare(int round, Way way);
  void sync(RunResult& result) const;
  void read_report(RunResult& result);

  const Plan& plan_;
  const Shim& shim_;
  ProcessTree& processes_;
  OutputFiles outputs_;
  std::vector<ProcessReport> report_;
};

}  // namespace seqshim
