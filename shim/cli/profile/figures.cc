#include "shim/cli/profile/figures.h"

#include <fmt/format.h>

#include "shim/cli/numbers.h"

namespace seqshim::profiling {
namespace {

constexpr size_t kLast = std::tuple_size_v<decltype(SizeHistogram::count)> - 1;

}  // namespace

std::string time_text(double ns) {
  constexpr const char* kUnits[] = {"ns", "us", "ms"};
  for (const char* const unit : kUnits) {
    if (ns < 999.5) return fmt::format("{:.3g} {}", ns, unit);
    ns /= 1000;
  }
  return fmt::format("{:.{}f} s", ns, ns < 10 ? 2 : ns < 100 ? 1 : 0);
}

std::string share_text(double part, double whole) {
  return whole > 0 ? fmt::format("{:.0f} %", 100 * part / whole) : "-";
}

std::string size_range(size_t bucket) {
  const uint64_t from = SizeHistogram::lower_bound(bucket);
  if (bucket < 2) return std::to_string(from);
  if (bucket == kLast) return fmt::format("{}+", size_text(from));
  return fmt::format("{}-{}", size_text(from), size_text(SizeHistogram::lower_bound(bucket + 1)));
}

std::string time_range(size_t bucket) {
  const auto from = static_cast<double>(SizeHistogram::lower_bound(bucket));
  if (bucket == 0) return "none";
  return bucket == kLast ? fmt::format("over {}", time_text(from))
                         : fmt::format("{} to {}", time_text(from), time_text(2 * from));
}

}  // namespace seqshim::profiling
