// From measurements to what the verdict is given on.
#pragma once

#include <vector>

#include "shim/cli/compare/run_result.h"
#include "shim/cli/compare/verdict.h"
#include "shim/cli/report/report_file.h"

namespace seqshim {

/// `report`: of one of the shimmed runs, whose files still are as it left them, if they are.
Evidence evidence_of(const std::vector<RunResult>& runs, const std::vector<ProcessReport>& report);

}  // namespace seqshim
