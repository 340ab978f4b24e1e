// Whether the shim would be in a program, and what of it would be seen.
#pragma once

#include "shim/cli/doctor/command/command_facts.h"
#include "shim/cli/doctor/finding.h"

namespace seqshim {

/// Exit code 0: it can be reached; else as env(1) has them.
Diagnosis diagnose_command(const CommandFacts& facts);

}  // namespace seqshim
