// Round numbers along the axis of a figure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seqshim {

struct Tick {
  double at;  // of the axis: 0 to 1
  std::string label;
};

struct Axis {
  double top;             // the value at 1, in the values' own unit
  std::string_view unit;  // of the labels: "MiB/s", "ms"
  std::vector<Tick> ticks;
};

/// From 0 to the next round number; at most six steps. `largest` is at least 0.
Axis rate_axis(double largest);     // bytes per second
Axis percent_axis(double largest);  // at least up to 1
/// Ends at `lasted` seconds, which needn't be round. It is more than 0.
Axis time_axis(double lasted);

}  // namespace seqshim
