// What would happen to a file, and why.
#pragma once

#include "shim/cli/doctor/finding.h"
#include "shim/cli/doctor/machine/machine_facts.h"
#include "shim/cli/doctor/path/path_facts.h"

namespace seqshim {

/// Exit code 0: it would go direct, and that was tried; else 1.
Diagnosis diagnose_path(const PathFacts& path, const MachineFacts& machine);

}  // namespace seqshim
