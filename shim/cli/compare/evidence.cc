#include "shim/cli/compare/evidence.h"

#include <sys/stat.h>

#include <algorithm>

#include "shim/cli/compare/output_files.h"

namespace seqshim {
namespace {

/// Whether calls that can't be seen write it.
bool is_written_unseen(const ReportedFile& file) {
  return file.hand_back == name_of(HandBack::kMapped) ||
         file.hand_back == name_of(HandBack::kUnseen) ||
         file.hand_back == name_of(HandBack::kAsync);
}

FileEvidence evidence_of(const ReportedFile& file) {
  uint64_t bytes = file.counters.bytes_written + file.counters.bytes_passed;
  struct stat facts {};
  if (is_written_unseen(file) && stat(file.path.c_str(), &facts) == 0)
    bytes = std::max(bytes, static_cast<uint64_t>(facts.st_size));
  return {.bytes = bytes,
          .accepted = file.counters.bytes_written,
          .passed = file.counters.bytes_passed,
          .calls_passed = file.counters.calls_passed,
          .rung = file.rung,
          .hand_back = file.hand_back};
}

void add(Evidence& evidence, const RunResult& run) {
  const auto to = [&run](Pair& pair) -> std::vector<double>& {
    return run.way == Way::kPlain ? pair.plain : pair.seqshim;
  };
  to(evidence.seconds).push_back(run.durable_seconds());
  to(evidence.system_seconds).push_back(run.system + run.sync_system);
  to(evidence.cpu_seconds).push_back(run.user + run.system + run.sync_system);
  if (evidence.files.empty()) {
    to(evidence.left).push_back(run.cached_growth);
  } else if (run.left) {
    to(evidence.left).push_back(*run.left);
  }
}

}  // namespace

Evidence evidence_of(const std::vector<RunResult>& runs, const std::vector<ProcessReport>& report) {
  Evidence evidence;
  for (const ReportedFile& file : written_files(report))
    evidence.files.push_back(evidence_of(file));
  for (const ProcessReport& process : report) {
    evidence.bytes_read += process.bytes_read;
    if (process.config)
      evidence.direct_min = std::max(evidence.direct_min, process.config->direct_min);
  }
  for (const RunResult& run : runs) add(evidence, run);
  return evidence;
}

}  // namespace seqshim
