#include "shim/cli/report/tree.h"

#include <algorithm>
#include <map>
#include <utility>

#include "shim/cli/report/format.h"

namespace seqshim {
namespace {

void merge(const ReportedFile& file, ReportedFile& known) {
  known.times += file.times;
  known.counters.add(file.counters);
  if (file.rung != name_of(Rung::kUndecided)) known.rung = file.rung;
  if (file.hand_back != name_of(HandBack::kNone)) known.hand_back = file.hand_back;
}

/// A file that a shell opened and a command wrote is unseen only in the shell.
bool is_only_opened(const ReportedFile& file) {
  return bytes_of(file.counters) == 0 && file.hand_back == name_of(HandBack::kUnseen);
}

void add_files(Tree& tree) {
  std::map<std::string, size_t> places;
  std::vector<const ReportedFile*> only_opened;
  const auto add = [&](const ReportedFile& file) {
    const auto [place, is_new] = places.try_emplace(file.path, tree.files.size());
    is_new ? tree.files.push_back(file) : merge(file, tree.files[place->second]);
  };
  for (const ProcessReport& process : tree.processes)
    for (const ReportedFile& file : process.files)
      is_only_opened(file) ? only_opened.push_back(&file) : add(file);
  for (const ReportedFile* const file : only_opened) {
    if (!places.contains(file->path)) {
      add(*file);
    } else {
      constexpr auto kUnseen = static_cast<size_t>(HandBack::kUnseen);
      tree.totals.hand_backs[kUnseen] -=
          std::min(tree.totals.hand_backs[kUnseen], file->counters.hand_backs[kUnseen]);
    }
  }
  std::stable_sort(tree.files.begin(), tree.files.end(),
                   [](const ReportedFile& left, const ReportedFile& right) {
                     return bytes_of(left.counters) > bytes_of(right.counters);
                   });
}

void add_programs(Tree& tree) {
  std::map<std::string, uint64_t> bytes;
  for (const ProcessReport& process : tree.processes)
    bytes[process.program] += bytes_of(process.totals);
  for (const auto& [program, its_bytes] : bytes) tree.programs.push_back(program);
  std::stable_sort(tree.programs.begin(), tree.programs.end(),
                   [&bytes](const std::string& left, const std::string& right) {
                     return bytes[left] > bytes[right];
                   });
}

void add_cpu_times(Tree& tree) {
  std::map<uint64_t, std::pair<uint64_t, uint64_t>> last;  // by pid
  for (const ProcessReport& process : tree.processes)
    last[process.pid] = {process.user_us, process.system_us};
  for (const auto& [pid, times] : last) {
    tree.user_us += times.first;
    tree.system_us += times.second;
  }
}

uint64_t end_ms(const ProcessReport& process) {
  const ReportedTimeline& timeline = process.timeline;
  return timeline.start_ms +
         std::max(process.wall_ns / 1'000'000, timeline.bucket_ms * timeline.written.size());
}

/// What of `value`, spread evenly over [from, to), lies in each bucket of `sums`.
void spread(uint64_t value, uint64_t from, uint64_t to, uint64_t width,
            std::vector<uint64_t>& sums) {
  uint64_t left = value;
  for (uint64_t at = from; at < to && left > 0;) {
    const uint64_t until = std::min(to, (at / width + 1) * width);
    const uint64_t share = whole(static_cast<double>(value) * static_cast<double>(until - at) /
                                 static_cast<double>(to - from));
    const uint64_t part = until == to ? left : std::min(left, share);
    sums[std::min<size_t>(at / width, sums.size() - 1)] += part;
    left -= part;
    at = until;
  }
}

void add_timeline(const ReportedTimeline& from, ReportedTimeline& sum) {
  for (size_t i = 0; i < from.written.size(); ++i) {
    const uint64_t start = from.start_ms - sum.start_ms + i * from.bucket_ms;
    const uint64_t end = start + from.bucket_ms;
    spread(from.written[i], start, end, sum.bucket_ms, sum.written);
    spread(from.landed[i], start, end, sum.bucket_ms, sum.landed);
    spread(from.wait_ns[i], start, end, sum.bucket_ms, sum.wait_ns);
  }
}

void add_timelines(Tree& tree) {
  uint64_t first = UINT64_MAX, last = 0, buckets_end = 0, width = 1;
  for (const ProcessReport& process : tree.processes) {
    const ReportedTimeline& timeline = process.timeline;
    if (timeline.written.empty()) continue;
    first = std::min(first, timeline.start_ms);
    last = std::max(last, process.wall_ns > 0 ? timeline.start_ms + process.wall_ns / 1'000'000
                                              : end_ms(process));
    buckets_end = std::max(buckets_end, end_ms(process));
    width = std::max(width, timeline.bucket_ms);
  }
  if (first == UINT64_MAX) return;
  const uint64_t span = std::max<uint64_t>(buckets_end - first, 1);
  while ((span + width - 1) / width > Tree::kMostBuckets) width *= 2;
  const size_t count = (span + width - 1) / width;
  tree.wall_ms = std::max<uint64_t>(last - first, 1);
  tree.timeline = {.start_ms = first,
                   .bucket_ms = width,
                   .written = std::vector<uint64_t>(count),
                   .landed = std::vector<uint64_t>(count),
                   .wait_ns = std::vector<uint64_t>(count)};
  for (const ProcessReport& process : tree.processes) add_timeline(process.timeline, tree.timeline);
}

}  // namespace

Tree tree_of(SavedReport report) {
  Tree tree;
  tree.path = std::move(report.path);
  tree.processes = std::move(report.processes);
  for (const ProcessReport& process : tree.processes) {
    tree.totals.add(process.totals);
    tree.reads.add({process.files_read, process.bytes_read});
    tree.reads_blind.add({process.files_read_blind, process.bytes_read_blind});
    tree.files_unlisted += process.files_unlisted;
  }
  add_files(tree);
  add_programs(tree);
  add_cpu_times(tree);
  add_timelines(tree);
  return tree;
}

}  // namespace seqshim
