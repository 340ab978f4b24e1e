// `seqshim doctor`: what would happen to a file, or to a command's writes, and why.
#pragma once

#include "shim/cli/words.h"

namespace seqshim {

/// Of a path: 0 if files there would go direct, else 1. Of a command: 0 if it can be reached, else
/// as env(1). 2 is wrong usage, 125 a failure of our own, after one line on standard error.
int doctor(const Words& words);

}  // namespace seqshim
