// `seqshim [run]`: a command with libseqshim.so preloaded.
#pragma once

#include "shim/cli/words.h"

namespace seqshim {

/// Puts the options into the environment, checks them as the shim will, prefixes LD_PRELOAD with
/// libseqshim.so and runs the command, see stay_as_parent(); with the guard off, in this process.
/// Returns the exit code; if it is ours, after one line on standard error.
int run(const Words& words);

}  // namespace seqshim
