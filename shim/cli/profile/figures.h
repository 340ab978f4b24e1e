// Numbers as people read them, beside those of shim/cli/numbers.h.
#pragma once

#include <cstdint>
#include <string>

#include "shim/report/counters.h"

namespace seqshim::profiling {

/// "1.21 s", "35.0 ms", "4.10 us"
std::string time_text(double ns);
/// "98 %"; of nothing "-".
std::string share_text(double part, double whole);
/// The sizes that belong to a bucket: "8K-16K", "2G+".
std::string size_range(size_t bucket);
/// The same of a histogram of times: "4-8 us".
std::string time_range(size_t bucket);

}  // namespace seqshim::profiling
