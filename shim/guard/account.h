// What the guard tells the log of its work.
#pragma once

#include "shim/guard/recovery.h"

namespace seqshim {

/// A line for each file that something was written to, "recovered FILE bytes N, clusters N", and
/// for each that something was lost of, "lost FILE bytes N, clusters N, error ERRNO", as of
/// `process`, which is gone. FILE isn't there if no descriptor names it. Nothing if `path_of_log`
/// is null.
void log_outcome(const char* path_of_log, int process, const Recovery& outcome);

}  // namespace seqshim
