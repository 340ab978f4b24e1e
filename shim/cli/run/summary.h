// What a run has come to, in one line.
#pragma once

#include <string>

#include "shim/cli/run/shared_counters.h"

namespace seqshim {

/// "960M in 98308 writes to 1 file, 99 % direct, 0.62 s waiting, 1.46G/s".
std::string summary_of(const Totals& totals, double seconds);

}  // namespace seqshim
