#include "shim/cli/report/measures.h"

#include "shim/cli/report/format.h"

namespace seqshim {
namespace {

double mean(uint64_t sum, uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count);
}

uint64_t hand_backs(const Counters& counters) {
  uint64_t sum = 0;
  for (const uint32_t count : counters.hand_backs) sum += count;
  return sum;
}

}  // namespace

double average_rate(const Tree& tree) { return mean(bytes_of(tree.totals), tree.wall_ms) * 1000; }

std::vector<Measure> measures_of(const Tree& tree) {
  const Counters& c = tree.totals;
  const bool timed = tree.wall_ms > 0;
  const auto of = [](uint64_t value) { return static_cast<double>(value); };
  const double share = 100 * mean(c.bytes_direct, bytes_of(c));
  return {
      {"lasted", Unit::kSeconds, timed, of(tree.wall_ms) / 1e3},
      {"average rate", Unit::kBytesPerSecond, timed, average_rate(tree)},
      {"user CPU", Unit::kSeconds, timed, of(tree.user_us) / 1e6},
      {"system CPU", Unit::kSeconds, timed, of(tree.system_us) / 1e6},
      {"waited for the device", Unit::kSeconds, true, of(c.wait_ns) / 1e9},
      {"waits", Unit::kCount, true, of(c.waits)},
      {"processes", Unit::kCount, true, of(tree.processes.size())},
      {"files", Unit::kCount, true, of(tree.files_written())},
      {"bytes gathered", Unit::kBytes, true, of(c.bytes_written)},
      {"writes of the program", Unit::kCount, true, of(c.writes.total())},
      {"mean write", Unit::kBytes, true, mean(c.bytes_written, c.writes.total())},
      {"bytes direct", Unit::kBytes, true, of(c.bytes_direct)},
      {"direct share", Unit::kPercent, true, share},
      {"pieces direct", Unit::kCount, true, of(c.direct_writes.total())},
      {"mean piece", Unit::kBytes, true, mean(c.bytes_direct, c.direct_writes.total())},
      {"bytes buffered", Unit::kBytes, true, of(c.bytes_buffered)},
      {"bytes passed through", Unit::kBytes, true, of(c.bytes_passed)},
      {"drains", Unit::kCount, true, of(c.drains)},
      {"hand-backs", Unit::kCount, true, of(hand_backs(c))},
      {"errors", Unit::kCount, true, of(c.errors)},
      {"bytes read", Unit::kBytes, true, of(tree.reads.bytes + tree.reads_blind.bytes)},
  };
}

namespace {

std::string text_with(const Measure& measure, std::string (*size)(uint64_t bytes)) {
  if (!measure.known) return "-";
  const uint64_t count = whole(measure.value);
  switch (measure.unit) {
    case Unit::kBytes:
      return size(count);
    case Unit::kBytesPerSecond:
      return size(count) + "/s";
    case Unit::kCount:
      return grouped(count);
    case Unit::kSeconds:
      return duration(measure.value);
    case Unit::kPercent:
      return percent(whole(measure.value * 1e6), 100'000'000);
  }
  return "-";
}

}  // namespace

std::string text_of(const Measure& measure) { return text_with(measure, short_size); }

std::string long_text_of(const Measure& measure) { return text_with(measure, long_size); }

std::string ratio_of(const Measure& a, const Measure& b) {
  return a.known && b.known ? ratio(a.value, b.value) : "-";
}

}  // namespace seqshim
