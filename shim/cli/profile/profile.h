// `seqshim profile`: how a program writes.
#pragma once

#include "shim/cli/words.h"

namespace seqshim {

/// Runs the command as it is, watched by libseqshim-profile.so, and tells what and whence it and
/// its children have written. Returns the exit code, or ends as the command did.
int profile(const Words& words);

}  // namespace seqshim
