// The comparison as a table for readers.
#pragma once

#include <string>
#include <vector>

#include "shim/cli/compare/metrics.h"

namespace seqshim {

/// The value in its unit, without it.
std::string text_of(double value, Unit unit);

/// What a value is: "medians of 3 rounds, from the least to the most".
std::string about_values(int rounds);

/// A title and a line for each metric, at most 100 columns wide.
std::string table_of(const std::vector<Line>& lines);

}  // namespace seqshim
