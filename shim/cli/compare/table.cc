#include "shim/cli/compare/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shim/cli/numbers.h"

namespace seqshim {
namespace {

constexpr int kLabelWidth = 21, kCellWidth = 21, kRatioWidth = 12;

std::string cell(const std::vector<double>& values, Unit unit) {
  const auto spread = spread_of(values);
  if (!spread) return "-";
  const std::string median = text_of(spread->median, unit);
  const std::string low = text_of(spread->low, unit), high = text_of(spread->high, unit);
  return low == high ? median : fmt::format("{} ({}..{})", median, low, high);
}

std::string row(std::string_view label, const std::array<std::string, kColumns.size()>& cells,
                std::string_view ratio) {
  std::string text = fmt::format("{:<{}}", label, kLabelWidth);
  for (const std::string& cell : cells) text += fmt::format(" {:>{}}", cell, kCellWidth);
  return fmt::format("{} {:>{}}\n", text, ratio, kRatioWidth);
}

bool is_shown(const Line& line) {
  return std::any_of(line.values.begin(), line.values.end(),
                     [](const auto& values) { return !values.empty(); });
}

}  // namespace

std::string text_of(double value, Unit unit) {
  switch (unit) {
    case Unit::kSeconds:
      return number_text(value);
    case Unit::kBytes:
      return value < 0 ? fmt::format("-{}", size_text(static_cast<uint64_t>(-value)))
                       : size_text(static_cast<uint64_t>(value));
    case Unit::kCount:
      return fmt::format("{:.0f}", value);
  }
  return {};
}

std::string about_values(int rounds) {
  if (rounds == 1) return "of one round";
  return fmt::format("medians of {} rounds, and from the least to the most", rounds);
}

std::string table_of(const std::vector<Line>& lines) {
  constexpr size_t kCount = kColumns.size();
  std::array<std::string, kCount> titles, cells;
  for (size_t i = 0; i < kCount; ++i) titles[i] = name_of(kColumns[i]);
  std::string text = row("", cells, "seqshim /") + row("", titles, "plain + sync");
  for (const Line& line : lines) {
    if (!is_shown(line)) continue;
    const Metric& metric = *line.metric;
    for (size_t i = 0; i < kCount; ++i) cells[i] = cell(line.of(kColumns[i]), metric.unit);
    const auto ratio = line.ratio();
    text += row(fmt::format("{}{}", metric.label, metric.unit == Unit::kSeconds ? ", s" : ""),
                cells, ratio ? fmt::format("{:.2f}", *ratio) : "-");
  }
  return text;
}

}  // namespace seqshim
