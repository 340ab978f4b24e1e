// What is compared of two reports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shim/cli/report/tree.h"

namespace seqshim {

enum class Unit : uint8_t { kBytes, kBytesPerSecond, kCount, kSeconds, kPercent };

struct Measure {
  std::string_view label;
  Unit unit;
  bool known;    // an older version may not have measured it
  double value;  // in units; not negative
};

/// The same ones in the same order for every tree.
std::vector<Measure> measures_of(const Tree& tree);

/// "960M", "1.20G/s", "98,308", "0.342 s", "97 %"; "-" if it isn't known.
std::string text_of(const Measure& measure);
/// The same with sizes as long_size() has them.
std::string long_text_of(const Measure& measure);
/// How many times `a` is in `b`; "-" if that can't be said.
std::string ratio_of(const Measure& a, const Measure& b);

/// Bytes per second on average; 0: the duration isn't known.
double average_rate(const Tree& tree);

}  // namespace seqshim
