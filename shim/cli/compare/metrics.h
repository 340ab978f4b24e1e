// What the runs come to, line by line.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shim/cli/compare/run_result.h"

namespace seqshim {

struct Spread {
  double median, low, high;
};

/// Nothing of no values.
std::optional<Spread> spread_of(std::vector<double> values);

/// What is held against each other. A plain run is the first until the command has ended, and the
/// second until what it wrote is on the disk, which for a shimmed run is always waited for.
enum class Column : uint8_t { kPlain, kPlainSync, kSeqshim };
inline constexpr std::array kColumns = {Column::kPlain, Column::kPlainSync, Column::kSeqshim};

constexpr std::string_view name_of(Column column) {
  switch (column) {
    case Column::kPlain:
      return "plain";
    case Column::kPlainSync:
      return "plain + sync";
    case Column::kSeqshim:
      return "seqshim";
  }
  return "";
}

enum class Unit : uint8_t { kSeconds, kBytes, kCount };

struct Metric {
  std::string_view key;    // for programs
  std::string_view label;  // for readers
  Unit unit;
  /// Of one run, in the column; nothing: it has none there.
  std::optional<double> (*value)(const RunResult& run, Column column);
};

struct Line {
  const Metric* metric;
  std::array<std::vector<double>, kColumns.size()> values;

  const std::vector<double>& of(Column column) const { return values[static_cast<size_t>(column)]; }
  /// Of the medians, seqshim to plain + sync; nothing without the one, or where that of the
  /// other isn't above 0.
  std::optional<double> ratio() const;
};

/// In the order in which they are shown.
std::vector<Line> lines_of(const std::vector<RunResult>& runs);

/// The line of that key, which must be there.
const Line& line_of(const std::vector<Line>& lines, std::string_view key);

}  // namespace seqshim
