#include "shim/cli/report/report_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

namespace seqshim {
namespace {

using nlohmann::json;

/// Far more than the shim writes; within them no sum of times overflows.
constexpr size_t kMostBuckets = 4096;
constexpr uint64_t kLatestStartMs = uint64_t{1} << 50;
constexpr uint64_t kWidestMs = uint64_t{1} << 38;

[[noreturn]] void wrong(std::string_view key, std::string_view what) {
  throw ReportError(fmt::format("\"{}\" is not {}", key, what));
}

/// nullptr: it isn't there.
const json* member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

const json* array(const json& object, const char* key) {
  const json* const value = member(object, key);
  if (value != nullptr && !value->is_array()) wrong(key, "an array");
  return value;
}

void require_object(const json& value, const char* key) {
  if (!value.is_object()) wrong(key, "an object");
}

uint64_t as_number(const json& value, std::string_view key) {
  if (!value.is_number_unsigned()) wrong(key, "a whole number from 0 on");
  return value.get<uint64_t>();
}

uint64_t number(const json& object, const char* key, uint64_t otherwise = 0) {
  const json* const value = member(object, key);
  return value == nullptr ? otherwise : as_number(*value, key);
}

std::string string(const json& object, const char* key) {
  const json* const value = member(object, key);
  if (value == nullptr) return {};
  if (!value->is_string()) wrong(key, "a string");
  return value->get<std::string>();
}

SizeHistogram histogram(const json& object, const char* key) {
  SizeHistogram sizes;
  const json* const buckets = array(object, key);
  if (buckets == nullptr) return sizes;
  for (const json& bucket : *buckets) {
    require_object(bucket, key);
    const size_t width = std::bit_width(number(bucket, "from"));
    sizes.count[std::min(width, sizes.count.size() - 1)] += number(bucket, "count");
  }
  return sizes;
}

void read_hand_backs(const json& object, Counters& counters) {
  const json* const reasons = member(object, "hand_backs");
  if (reasons == nullptr) return;
  require_object(*reasons, "hand_backs");
  for (size_t i = 1; i < counters.hand_backs.size(); ++i) {
    const std::string name(name_of(static_cast<HandBack>(i)));
    counters.hand_backs[i] = static_cast<uint32_t>(number(*reasons, name.c_str()));
  }
}

Counters counters_of(const json& object) {
  Counters counters;
  counters.writes = histogram(object, "write_sizes");
  counters.direct_writes = histogram(object, "direct_write_sizes");
  counters.bytes_written = number(object, "bytes_written");
  counters.jumps = number(object, "jumps");
  counters.bytes_direct = number(object, "bytes_direct");
  counters.bytes_buffered = number(object, "bytes_buffered");
  counters.bytes_passed = number(object, "bytes_passed");
  counters.calls_passed = number(object, "calls_passed");
  counters.drains = number(object, "drains");
  counters.waits = number(object, "waits");
  counters.wait_ns = number(object, "wait_ns");
  counters.errors = number(object, "errors");
  read_hand_backs(object, counters);
  return counters;
}

ReportedFile file_of(const json& object) {
  require_object(object, "files");
  return {.path = string(object, "path"),
          .times = number(object, "times", 1),
          .rung = string(object, "rung"),
          .hand_back = string(object, "hand_back"),
          .counters = counters_of(object)};
}

std::vector<uint64_t> numbers(const json& object, const char* key) {
  std::vector<uint64_t> values;
  if (const json* const list = array(object, key)) {
    if (list->size() > kMostBuckets) wrong(key, fmt::format("of at most {} values", kMostBuckets));
    for (const json& value : *list) values.push_back(as_number(value, key));
  }
  return values;
}

ReportedTimeline timeline_of(const json& process) {
  const json* const object = member(process, "timeline");
  if (object == nullptr) return {};
  require_object(*object, "timeline");
  ReportedTimeline timeline{.start_ms = number(*object, "start_ms"),
                            .bucket_ms = number(*object, "bucket_ms"),
                            .written = numbers(*object, "written"),
                            .landed = numbers(*object, "landed"),
                            .wait_ns = numbers(*object, "wait_ns")};
  const size_t length =
      std::max({timeline.written.size(), timeline.landed.size(), timeline.wait_ns.size()});
  if (length > 0 && timeline.bucket_ms == 0) wrong("bucket_ms", "more than 0");
  if (timeline.start_ms > kLatestStartMs) wrong("start_ms", "a time");
  if (timeline.bucket_ms > kWidestMs) wrong("bucket_ms", "a time");
  timeline.written.resize(length);
  timeline.landed.resize(length);
  timeline.wait_ns.resize(length);
  return timeline;
}

std::optional<ReportedConfig> config_of(const json& process) {
  if (member(process, "cluster") == nullptr) return std::nullopt;
  const json* const append = member(process, "append");
  if (append != nullptr && !append->is_boolean()) wrong("append", "true or false");
  return ReportedConfig{.cluster = number(process, "cluster"),
                        .memory = number(process, "memory"),
                        .depth = number(process, "depth"),
                        .direct_min = number(process, "direct_min"),
                        .append = append != nullptr && append->get<bool>()};
}

bool is_report(const json& value) {
  return value.is_object() && value.contains("program") && value.contains("totals");
}

ProcessReport process_of(const json& object) {
  if (!is_report(object)) throw ReportError("not a report of seqshim");
  ProcessReport process;
  process.version = string(object, "version");
  process.program = string(object, "program");
  process.engine = string(object, "engine");
  process.guard = string(object, "guard");
  process.pid = number(object, "pid");
  process.config = config_of(object);
  require_object(object["totals"], "totals");
  process.totals = counters_of(object["totals"]);
  process.files_closed = number(object, "files_closed");
  process.files_read = number(object, "files_read");
  process.bytes_read = number(object, "bytes_read");
  process.files_read_blind = number(object, "files_read_blind");
  process.bytes_read_blind = number(object, "bytes_read_blind");
  process.wall_ns = number(object, "wall_ns");
  process.user_us = number(object, "user_us");
  process.system_us = number(object, "system_us");
  process.timeline = timeline_of(object);
  if (const json* const files = array(object, "files"))
    for (const json& file : *files) process.files.push_back(file_of(file));
  process.files_unlisted = number(object, "files_unlisted");
  return process;
}

ProcessReport parse_line(const std::string& line, size_t number_of_line) {
  // What --report=FILE leaves under another name.
  if (number_of_line == 1 && line.starts_with("seqshim "))
    throw ReportError("a report as text; only those can be read whose name ends in .json");
  try {
    return process_of(json::parse(line));
  } catch (const json::parse_error& error) {
    throw ReportError(error.byte > line.size() ? "broken JSON: the line ends too early"
                                               : fmt::format("broken JSON at byte {}", error.byte));
  }
}

}  // namespace

SavedReport read_report(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  const auto unreadable = [&path] {
    return ReportError(fmt::format("can't read {}: {}", path, std::strerror(errno)));
  };
  if (!file) throw unreadable();
  SavedReport report{.path = path, .processes = {}};
  std::string line;
  for (size_t number_of_line = 1; std::getline(file, line); ++number_of_line) {
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    try {
      report.processes.push_back(parse_line(line, number_of_line));
    } catch (const ReportError& error) {
      throw ReportError(fmt::format("{}:{}: {}", path, number_of_line, error.what()));
    }
  }
  if (file.bad()) throw unreadable();
  if (report.processes.empty())
    throw ReportError(fmt::format(
        "{} is empty: no process has written or read a file that a pattern names", path));
  return report;
}

}  // namespace seqshim
