// Numbers for people, the same in every locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace seqshim {

/// Rounded down; what doesn't fit is the largest number there is. `value` isn't negative.
uint64_t whole(double value);
/// 512, 9.76K, 1.00M: as the report itself has it, rounded down.
std::string short_size(uint64_t bytes);
/// 512 B, 9.76 KiB, 1.00 MiB.
std::string long_size(uint64_t bytes);
/// 98,308
std::string grouped(uint64_t count);
/// "1 file", "98,308 files"; `many` where it isn't `one` and an s.
std::string counted(uint64_t count, std::string_view one, std::string_view many = {});
/// 0.342 s, 12.3 s, 4 min 05 s, 3 h 07 min
std::string duration(double seconds);
/// Of a whole: 0 %, 0.4 %, 97 %; 100 % only if it is all of it, and 0 % only if it is none.
std::string percent(uint64_t part, uint64_t whole);
/// How many times `a` is in `b`: 1.70, 0.04, 1,234; "-" if `a` is 0.
std::string ratio(double a, double b);
/// 2026-11-28 11:42:10 UTC
std::string calendar_time(uint64_t ms_since_epoch);

}  // namespace seqshim
