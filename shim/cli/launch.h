// From options to the running command.
#pragma once

#include "shim/cli/options.h"

namespace seqshim {

/// Puts the options into the environment, checks them as the shim will, prefixes LD_PRELOAD with
/// libseqshim.so and executes the command in this process: its exit code and signals need no
/// passing on. Returns only if that failed, with the exit code, after one line on standard error.
int launch(const Options& options);

}  // namespace seqshim
