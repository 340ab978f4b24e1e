#include "shim/cli/profile/json.h"

#include <nlohmann/json.hpp>

#include "shim/cli/profile/call_sites.h"
#include "shim/cli/profile/verdict.h"
#include "shim/config/version.h"

namespace seqshim::profiling {
namespace {

// Members stay in the order in which they are set.
using Json = nlohmann::ordered_json;

Json histogram(const SizeHistogram& values) {
  Json buckets = Json::array();
  for (size_t i = 0; i < values.count.size(); ++i) {
    if (values.count[i] == 0) continue;
    Json bucket = {{"from", SizeHistogram::lower_bound(i)}, {"to", nullptr}};
    if (i + 1 < values.count.size()) bucket["to"] = SizeHistogram::lower_bound(i + 1) - 1;
    bucket["count"] = values.count[i];
    buckets.push_back(std::move(bucket));
  }
  return buckets;
}

Json alignment(const Alignment& counts) {
  return {{"offsets", counts.offsets}, {"sizes", counts.sizes}, {"both", counts.both}};
}

Json file_object(const FileProfile& file) {
  const AccessPattern& p = file.pattern;
  return {{"path", file.path},
          {"verdict", verdict(file)},
          {"files", file.files},
          {"processes", file.processes},
          {"locked", file.locked},
          {"calls", p.calls},
          {"bytes", p.bytes},
          {"short_calls", p.short_calls},
          {"failed_calls", p.failed},
          {"write_sizes", histogram(p.sizes)},
          {"aligned_to_512", alignment(p.to_512)},
          {"aligned_to_4096", alignment(p.to_4096)},
          {"runs", p.runs},
          {"longest_run", p.longest_run},
          {"seeks_back", p.seeks_back},
          {"seeks_ahead", p.seeks_ahead},
          {"rewrites", p.rewrites},
          {"rewritten_bytes", p.rewritten_bytes},
          {"holes", p.holes},
          {"hole_bytes", p.hole_bytes},
          {"syncs", p.syncs},
          {"sync_ns", p.sync_ns},
          {"write_ns", p.write_ns},
          {"longest_write_ns", p.longest_write_ns},
          {"gaps_ns", histogram(p.gaps)},
          {"first_ns", p.first_ns},
          {"last_ns", p.last_ns}};
}

Json process_object(const ProcessProfile& process) {
  return {{"pid", process.pid},
          {"program", process.program},
          {"arguments", process.arguments},
          {"calls", process.calls},
          {"bytes", process.bytes},
          {"write_ns", process.write_ns},
          {"first_ns", process.first_ns},
          {"last_ns", process.last_ns},
          {"missed_calls", process.missed},
          {"sandboxed", process.sandboxed},
          {"samples", process.samples},
          {"sampling_ns", process.sampling_ns}};
}

Json frame_object(const Frame& frame, const Symbol& symbol) {
  Json object = {{"module", frame.module}, {"address", frame.offset}};
  if (!symbol.function.empty()) {
    object["function"] = symbol.function;
    object["offset"] = symbol.offset;
  }
  if (symbol.line > 0) {
    object["file"] = symbol.file;
    object["line"] = symbol.line;
  }
  return object;
}

Json weight_object(const Weight& weight) {
  return {{"calls", weight.calls}, {"bytes", weight.bytes}, {"write_ns", weight.write_ns}};
}

Json stack_object(const CallStack& stack, Symbols& symbols) {
  Json object = weight_object(stack.weight);
  object["samples"] = stack.samples;
  object["program"] = stack.program;
  object["via"] = name_of(stack.via);
  object["cut"] = stack.cut;
  object["site"] = site_in(stack);
  object["frames"] = Json::array();
  for (const Frame& frame : stack.frames)
    object["frames"].push_back(frame_object(frame, symbols.of(frame)));
  return object;
}

}  // namespace

std::string json_of(const Profile& profile, const std::vector<std::string>& command,
                    Symbols& symbols) {
  Json object = {{"version", kVersion}, {"command", command}};
  object["processes"] = Json::array();
  for (const ProcessProfile& process : profile.processes)
    object["processes"].push_back(process_object(process));
  object["files"] = Json::array();
  for (const FileProfile& file : profile.files) object["files"].push_back(file_object(file));
  object["stacks"] = Json::array();
  for (const CallStack& stack : profile.stacks)
    object["stacks"].push_back(stack_object(stack, symbols));
  object["unlisted"] = {{"processes", profile.processes_turned_away},
                        {"file_calls", profile.unlisted_calls},
                        {"file_bytes", profile.unlisted_bytes},
                        {"samples", profile.unlisted_samples},
                        {"stacks", weight_object(profile.unlisted)}};
  // Names are bytes to the kernel, not always UTF-8.
  return object.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace seqshim::profiling
