#include "shim/cli/compare/result_file.h"

#include <nlohmann/json.hpp>

#include "shim/cli/compare/metrics.h"
#include "shim/config/version.h"

namespace seqshim {
namespace {

using Json = nlohmann::ordered_json;

Json histogram(const SizeHistogram& sizes) {
  Json buckets = Json::array();
  for (size_t bucket = 0; bucket < sizes.count.size(); ++bucket) {
    if (sizes.count[bucket] > 0)
      buckets.push_back(
          {{"from", SizeHistogram::lower_bound(bucket)}, {"count", sizes.count[bucket]}});
  }
  return buckets;
}

/// With the names that the report has.
Json counters(const Counters& counters) {
  return {{"writes", counters.writes.total()},
          {"bytes_written", counters.bytes_written},
          {"calls_passed", counters.calls_passed},
          {"bytes_passed", counters.bytes_passed},
          {"direct_writes", counters.direct_writes.total()},
          {"bytes_direct", counters.bytes_direct},
          {"bytes_buffered", counters.bytes_buffered},
          {"jumps", counters.jumps},
          {"drains", counters.drains},
          {"waits", counters.waits},
          {"wait_ns", counters.wait_ns},
          {"errors", counters.errors},
          {"write_sizes", histogram(counters.writes)},
          {"direct_write_sizes", histogram(counters.direct_writes)}};
}

Json run(const RunResult& run) {
  Json object = {{"round", run.round},
                 {"way", name_of(run.way)},
                 {"exit_code", run.exit_code},
                 {"seconds", run.seconds},
                 {"sync_seconds", run.sync_seconds},
                 {"user_seconds", run.user},
                 {"system_seconds", run.system},
                 {"sync_system_seconds", run.sync_system},
                 {"output_left_bytes", nullptr},
                 {"cached_growth_bytes", run.cached_growth}};
  if (run.left) object["output_left_bytes"] = *run.left;
  if (run.written) object["report"] = counters(*run.written);
  return object;
}

Json spread(const std::vector<double>& values) {
  const auto spread = spread_of(values);
  if (!spread) return nullptr;
  return {{"median", spread->median}, {"min", spread->low}, {"max", spread->high}};
}

Json summary(const std::vector<RunResult>& runs) {
  Json object = Json::object();
  for (const Line& line : lines_of(runs)) {
    Json entry = {{"plain", spread(line.of(Column::kPlain))},
                  {"plain_sync", spread(line.of(Column::kPlainSync))},
                  {"seqshim", spread(line.of(Column::kSeqshim))},
                  {"ratio", nullptr}};
    if (const auto ratio = line.ratio()) entry["ratio"] = *ratio;
    object[std::string(line.metric->key)] = entry;
  }
  return object;
}

Json files(const std::vector<ProcessReport>& report) {
  Json all = Json::array();
  for (const ProcessReport& process : report) {
    for (const ReportedFile& file : process.files) {
      Json entry = counters(file.counters);
      entry["program"] = process.program;
      entry["path"] = file.path;
      entry["rung"] = file.rung;
      entry["hand_back"] = file.hand_back;
      all.push_back(entry);
    }
  }
  return all;
}

}  // namespace

std::string json_of(const Comparison& comparison) {
  Json object = {{"version", kVersion},         {"command", comparison.command},
                 {"rounds", comparison.rounds}, {"warmup", comparison.warmup},
                 {"shim", Json::object()},      {"verdict", comparison.verdict},
                 {"notes", comparison.notes},   {"summary", summary(comparison.runs)},
                 {"runs", Json::array()},       {"files", files(comparison.report)}};
  for (const auto& [name, value] : comparison.shim) object["shim"][name] = value;
  for (const RunResult& result : comparison.runs) object["runs"].push_back(run(result));
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace seqshim
