// `seqshim compare`: what a command would gain.
#pragma once

#include "shim/cli/words.h"

namespace seqshim {

/// Runs the command plain and shimmed, in turns, and prints what differs. Returns the exit code: 0,
/// or the command's if it failed; if it is ours, after one line on standard error. Asked to end by
/// a signal, it ends the command and dies by that.
int compare(const Words& words);

}  // namespace seqshim
