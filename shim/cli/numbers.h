// Numbers for readers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace seqshim {

/// 512, 9.76K, 256K, 1M: three digits at most, and none that are 0 behind the point.
std::string size_text(uint64_t bytes);

/// Before a noun: "512-byte", "4K".
std::string size_as_adjective(uint64_t bytes);

/// So many bytes in so many seconds: "1M/s"; "-" before there is anything to divide by.
std::string rate_text(uint64_t bytes, double seconds);

/// Three digits, or all before the point, and three decimals at most: 0.012, 1.23, 123, 12345. What
/// would have nothing but zeros is 0.
std::string number_text(double value);

/// 98,308
std::string grouped(uint64_t count);

/// "1 file", "98,308 files", "2 processes"; `many` where it isn't `one` with an ending.
std::string counted(uint64_t count, std::string_view one, std::string_view many = {});

/// Of a whole: 0 %, 0.4 %, 97 %; 100 % only if it is all of it, and 0 % only if it is none.
std::string percent(uint64_t part, uint64_t whole);

}  // namespace seqshim
