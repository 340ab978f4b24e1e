#include "shim/cli/report/text.h"

#include <fmt/format.h>

#include <iterator>

#include "shim/cli/report/format.h"
#include "shim/cli/report/measures.h"
#include "shim/cli/report/pairs.h"
#include "shim/report/report_text.h"

namespace seqshim {
namespace {

void append_times(TextBuilder& out, double wall_s, uint64_t user_us, uint64_t system_us) {
  out.append("  lasted ").append(duration(wall_s));
  out.append("; CPU: user ").append(duration(static_cast<double>(user_us) / 1e6));
  out.append(", system ").append(duration(static_cast<double>(system_us) / 1e6)).append('\n');
}

void append_process_report(TextBuilder& out, const ProcessReport& process) {
  append_process(out, process.version, process.program, process.pid, process.engine);
  append_totals(out, {.counters = process.totals,
                      .files = process.files_closed,
                      .reads = {process.files_read, process.bytes_read},
                      .reads_blind = {process.files_read_blind, process.bytes_read_blind},
                      .guard = process.guard});
  if (process.wall_ns > 0)
    append_times(out, static_cast<double>(process.wall_ns) / 1e9, process.user_us,
                 process.system_us);
  if (!process.files.empty()) append_titles(out);
  for (const ReportedFile& file : process.files)
    append_file(out, {.path = file.path,
                      .times = file.times,
                      .rung = file.rung,
                      .hand_back = file.hand_back,
                      .counters = file.counters});
  append_unlisted(out, process.files_unlisted);
}

std::string printable(std::string_view text) {
  TextBuilder out;
  return std::string(out.printable(text).text());
}

std::string programs_of(const Tree& tree) {
  std::string list;
  for (const std::string& program : tree.programs)
    list += (list.empty() ? "" : ", ") + printable(program);
  return list;
}

using Lines = std::back_insert_iterator<std::string>;

void write_heading(Lines out, char letter, const Tree& tree) {
  fmt::format_to(out, "{}: {}: {}, {}\n", letter, printable(tree.path), programs_of(tree),
                 counted(tree.processes.size(), "process"));
}

void write_measures(Lines out, const Tree& a, const Tree& b) {
  const std::vector<Measure> of_a = measures_of(a), of_b = measures_of(b);
  fmt::format_to(out, "\n{:<22} {:>14} {:>14} {:>9}\n", "", "A", "B", "B/A");
  for (size_t i = 0; i < of_a.size(); ++i)
    fmt::format_to(out, "{:<22} {:>14} {:>14} {:>9}\n", of_a[i].label, text_of(of_a[i]),
                   text_of(of_b[i]), ratio_of(of_a[i], of_b[i]));
}

struct FileColumn {
  std::string_view title;
  std::string (*text)(const Counters& counters);
};

constexpr FileColumn kFileColumns[] = {
    {"bytes", [](const Counters& c) { return short_size(bytes_of(c)); }},
    {"direct", [](const Counters& c) { return percent(c.bytes_direct, bytes_of(c)); }},
    {"wait s",
     [](const Counters& c) { return fmt::format("{:.3f}", static_cast<double>(c.wait_ns) / 1e9); }},
};

void write_files(Lines out, const Tree& a, const Tree& b) {
  const std::vector<FilePair> pairs = pairs_of(a, b);
  if (pairs.empty()) return;
  fmt::format_to(out, "\n");
  for (const FileColumn& column : kFileColumns)
    for (const char letter : {'A', 'B'})
      fmt::format_to(out, " {:>8}", fmt::format("{} {}", column.title, letter));
  fmt::format_to(out, "  file\n");
  for (const FilePair& pair : pairs) {
    for (const FileColumn& column : kFileColumns)
      for (const ReportedFile* const file : {pair.a, pair.b})
        fmt::format_to(out, " {:>8}", file == nullptr ? "-" : column.text(file->counters));
    fmt::format_to(out, "  {}\n", printable(pair.path()));
  }
  const uint64_t unlisted = a.files_unlisted + b.files_unlisted;
  if (unlisted > 0) fmt::format_to(out, " and {} more\n", unlisted);
}

}  // namespace

std::string report_text(const Tree& tree) {
  TextBuilder out;
  for (const ProcessReport& process : tree.processes) append_process_report(out, process);
  if (tree.processes.size() > 1) {
    out.append("all ").number(tree.processes.size()).append(" processes: ");
    append_totals(out, {.counters = tree.totals,
                        .files = tree.files_written(),
                        .reads = tree.reads,
                        .reads_blind = tree.reads_blind,
                        .guard = {}});
    if (tree.wall_ms > 0)
      append_times(out, static_cast<double>(tree.wall_ms) / 1e3, tree.user_us, tree.system_us);
  }
  return std::string(out.text());
}

std::string comparison_text(const Tree& a, const Tree& b) {
  std::string text;
  const Lines out = std::back_inserter(text);
  write_heading(out, 'A', a);
  write_heading(out, 'B', b);
  write_measures(out, a, b);
  write_files(out, a, b);
  return text;
}

}  // namespace seqshim
