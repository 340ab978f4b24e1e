// Numbers as reports have them, beside those of shim/cli/numbers.h.
#pragma once

#include <cstdint>
#include <string>

#include "shim/cli/numbers.h"

namespace seqshim {

/// Rounded down; what doesn't fit is the largest number there is. `value` isn't negative.
uint64_t whole(double value);
/// 512, 9.76K, 1.00M: as the report itself has it, rounded down.
std::string short_size(uint64_t bytes);
/// 512 B, 9.76 KiB, 1.00 MiB.
std::string long_size(uint64_t bytes);
/// 0.342 s, 12.3 s, 4 min 05 s, 3 h 07 min
std::string duration(double seconds);
/// How many times `a` is in `b`: 1.70, 0.04, 1,234; "-" if `a` is 0.
std::string ratio(double a, double b);
/// 2026-11-28 11:42:10 UTC
std::string calendar_time(uint64_t ms_since_epoch);

}  // namespace seqshim
