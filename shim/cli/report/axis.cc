#include "shim/cli/report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace seqshim {
namespace {

constexpr double kMostSteps = 6;

/// 1, 2 or 5 times a power of ten, so that kMostSteps of it reach `largest`.
double round_step(double largest) {
  const double least = largest / kMostSteps;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1, 2, 5})
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/// Ticks at each step up to `top`; both in the labels' unit.
std::vector<Tick> ticks_of(double step, double top) {
  std::vector<Tick> ticks;
  const auto count = static_cast<int>(top / step + 1e-6);
  for (int i = 0; i <= count; ++i)
    ticks.push_back({.at = i * step / top, .label = fmt::format("{:g}", i * step)});
  return ticks;
}

struct LabelUnit {
  double size;
  std::string_view name;
};

/// The largest unit that `value` has one of; else the first.
template <size_t count>
const LabelUnit& unit_for(const LabelUnit (&units)[count], double value) {
  const LabelUnit* fitting = units;
  for (const LabelUnit& unit : units)
    if (value >= unit.size) fitting = &unit;
  return *fitting;
}

Axis round_axis(double largest, const LabelUnit& unit) {
  const double step = round_step(largest / unit.size);
  const double top = std::ceil(largest / unit.size / step - 1e-6) * step;
  return {.top = top * unit.size, .unit = unit.name, .ticks = ticks_of(step, top)};
}

}  // namespace

Axis rate_axis(double largest) {
  constexpr LabelUnit kUnits[] = {
      {1, "B/s"}, {0x1p10, "KiB/s"}, {0x1p20, "MiB/s"}, {0x1p30, "GiB/s"}, {0x1p40, "TiB/s"}};
  largest = std::max(largest, 1.0);
  return round_axis(largest, unit_for(kUnits, largest));
}

Axis percent_axis(double largest) { return round_axis(std::max(largest, 1.0), LabelUnit{1, "%"}); }

Axis time_axis(double lasted) {
  constexpr LabelUnit kUnits[] = {{1e-3, "ms"}, {1, "s"}, {120, "min"}, {7200, "h"}};
  LabelUnit unit = unit_for(kUnits, lasted);
  if (unit.size > 1) unit.size /= 2;  // from two of them on
  return {.top = lasted,
          .unit = unit.name,
          .ticks = ticks_of(round_step(lasted / unit.size), lasted / unit.size)};
}

}  // namespace seqshim
