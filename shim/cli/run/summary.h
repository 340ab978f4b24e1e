// What a run has come to, in one line, and the figures that it has in common with the line that is
// drawn meanwhile.
#pragma once

#include <cstdint>
#include <string>

#include "shim/cli/run/shared_counters.h"

namespace seqshim {

/// Three significant digits or so, as reports have them: 512, 9.76K, 1.00M.
std::string size_text(uint64_t bytes);

/// So many bytes in so many seconds: "1.00M/s"; "-" before there is anything to divide by.
std::string rate_text(uint64_t bytes, double seconds);

/// "960M in 98308 writes to 1 file, 99 % direct, 0.62 s waiting, 1.46G/s".
std::string summary_of(const Totals& totals, double seconds);

}  // namespace seqshim
