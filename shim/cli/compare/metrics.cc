#include "shim/cli/compare/metrics.h"

#include <algorithm>

namespace seqshim {
namespace {

using Value = std::optional<double>;

bool has(Column column, Way way) { return (column == Column::kSeqshim) == (way == Way::kSeqshim); }

bool is_synced(Column column) { return column != Column::kPlain; }

/// The program's calls, which are the kernel's where nobody stands between.
uint64_t program_calls(const Counters& counters) {
  return counters.writes.total() + counters.calls_passed;
}

uint64_t kernel_calls(const Counters& counters) {
  return counters.direct_writes.total() + counters.calls_passed;
}

/// Counted by the shim, and so the same in all columns but its own.
Value calls(const RunResult& run, Column column) {
  if (!run.written) return std::nullopt;
  return static_cast<double>(column == Column::kSeqshim ? kernel_calls(*run.written)
                                                        : program_calls(*run.written));
}

Value bytes_a_call(const RunResult& run, Column column) {
  const auto count = calls(run, column);
  if (!count || *count == 0) return std::nullopt;
  const Counters& counters = *run.written;
  // What the shim writes through the page cache are ragged ends, in few calls that nobody counts.
  const uint64_t bytes =
      counters.bytes_passed +
      (column == Column::kSeqshim ? counters.bytes_direct : counters.bytes_written);
  return static_cast<double>(bytes) / *count;
}

constexpr Metric kMetrics[] = {
    {"seconds", "wall", Unit::kSeconds,
     [](const RunResult& run, Column column) -> Value {
       if (!has(column, run.way)) return std::nullopt;
       return is_synced(column) ? run.durable_seconds() : run.seconds;
     }},
    {"sync_seconds", "  of it the sync", Unit::kSeconds,
     [](const RunResult& run, Column column) -> Value {
       if (!has(column, run.way) || !is_synced(column)) return std::nullopt;
       return run.sync_seconds;
     }},
    {"user_seconds", "user CPU", Unit::kSeconds,
     [](const RunResult& run, Column column) -> Value {
       if (!has(column, run.way)) return std::nullopt;
       return run.user;
     }},
    {"system_seconds", "system CPU", Unit::kSeconds,
     [](const RunResult& run, Column column) -> Value {
       if (!has(column, run.way)) return std::nullopt;
       return run.system + (is_synced(column) ? run.sync_system : 0);
     }},
    {"cpu_seconds", "CPU in all", Unit::kSeconds,
     [](const RunResult& run, Column column) -> Value {
       if (!has(column, run.way)) return std::nullopt;
       return run.user + run.system + (is_synced(column) ? run.sync_system : 0);
     }},
    {"output_left_bytes", "output left in cache", Unit::kBytes,
     [](const RunResult& run, Column column) -> Value {
       if (!has(column, run.way) || !is_synced(column)) return std::nullopt;
       return run.left;
     }},
    {"cached_growth_bytes", "all cache grew by", Unit::kBytes,
     [](const RunResult& run, Column column) -> Value {
       if (!has(column, run.way) || !is_synced(column)) return std::nullopt;
       return run.cached_growth;
     }},
    {"write_calls", "write calls", Unit::kCount, calls},
    {"bytes_a_call", "  bytes in each", Unit::kBytes, bytes_a_call},
};

}  // namespace

std::optional<Spread> spread_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return Spread{median, values.front(), values.back()};
}

std::optional<double> Line::ratio() const {
  const auto plain = spread_of(of(Column::kPlainSync)), shimmed = spread_of(of(Column::kSeqshim));
  if (!plain || !shimmed || plain->median <= 0 || shimmed->median < 0) return std::nullopt;
  return shimmed->median / plain->median;
}

std::vector<Line> lines_of(const std::vector<RunResult>& runs) {
  std::vector<Line> lines;
  for (const Metric& metric : kMetrics) {
    Line line{&metric, {}};
    for (const Column column : kColumns) {
      for (const RunResult& run : runs)
        if (const auto value = metric.value(run, column))
          line.values[static_cast<size_t>(column)].push_back(*value);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

const Line& line_of(const std::vector<Line>& lines, std::string_view key) {
  return *std::find_if(lines.begin(), lines.end(),
                       [key](const Line& line) { return line.metric->key == key; });
}

}  // namespace seqshim
