#include "shim/cli/report/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "shim/cli/report/escape.h"
#include "shim/cli/report/format.h"
#include "shim/cli/report/measures.h"
#include "shim/cli/report/pairs.h"
#include "shim/cli/report/reasons.h"
#include "shim/cli/report/table.h"

namespace seqshim {
namespace {

/// More rows than that, nobody reads; a page with all of them wouldn't open.
constexpr size_t kMostRows = 500;

std::string seconds(uint64_t ns) { return duration(static_cast<double>(ns) / 1e9); }

std::string cpu_seconds(uint64_t us) { return seconds(us * 1000); }

std::string path_cell(const ReportedFile& file) {
  std::string cell = fmt::format("<bdi class=\"path\">{}</bdi>", escaped(file.path));
  if (file.times > 1) cell += fmt::format(" ({} times)", grouped(file.times));
  return cell;
}

std::string mean_piece(const Counters& counters) {
  const uint64_t count = counters.direct_writes.total();
  return count == 0 ? "-" : long_size(counters.bytes_direct / count);
}

/// The size that most writes have: at least so much, and less than twice that.
std::string typical(const SizeHistogram& sizes) {
  if (sizes.total() == 0) return "-";
  return long_size(SizeHistogram::lower_bound(sizes.commonest())) + "+";
}

bool is_left(const ReportedFile& file) {
  return file.hand_back != name_of(HandBack::kNone) && !file.hand_back.empty();
}

/// "direct", "kernel: small", "direct, kernel: mapped"
std::string way(const ReportedFile& file) {
  std::string text;
  if (file.rung != name_of(Rung::kUndecided)) text = escaped(file.rung);
  if (is_left(file))
    text += fmt::format("{}kernel:&nbsp;{}", text.empty() ? "" : ", ", escaped(file.hand_back));
  return text.empty() ? "-" : text;
}

std::string sequential(const Counters& counters) {
  const uint64_t total = counters.writes.total();
  return total == 0 ? "-" : percent(total - std::min(counters.jumps, total), total);
}

std::string direct_share(const Counters& counters) {
  return percent(counters.bytes_direct, bytes_of(counters));
}

std::string section(std::string_view id, std::string_view heading, std::string_view body) {
  return fmt::format(
      "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n<div class=\"card\">{2}</div>\n"
      "</section>\n",
      id, heading, body);
}

std::string and_more(size_t rows, uint64_t unlisted, std::string_view one, std::string_view many) {
  const uint64_t more = unlisted + (rows > kMostRows ? rows - kMostRows : 0);
  if (more == 0) return {};
  return fmt::format("<p class=\"none\">And {} more.</p>", counted(more, one, many));
}

std::string_view commonest_reason(const Counters& counters) {
  const auto most = std::max_element(counters.hand_backs.begin(), counters.hand_backs.end());
  return name_of(static_cast<HandBack>(most - counters.hand_backs.begin()));
}

}  // namespace

std::string summary(const Tree& tree) {
  const Counters& c = tree.totals;
  const uint64_t written = bytes_of(c);
  std::string text;
  if (written > 0) {
    text = fmt::format("{} written to {}; ", long_size(written),
                       counted(tree.files_written(), "file"));
    if (c.bytes_direct > 0)
      text +=
          fmt::format("{} of it past the page cache, {} gathered into {} of {} on average.",
                      percent(c.bytes_direct, written), counted(c.writes.total(), "write"),
                      counted(c.direct_writes.total(), "piece"),
                      long_size(c.bytes_direct / std::max<uint64_t>(c.direct_writes.total(), 1)));
    else
      text += fmt::format("none of it past the page cache{}{}.",
                          c.hand_backs == Counters{}.hand_backs ? "" : ", most often because: ",
                          c.hand_backs == Counters{}.hand_backs ? "" : commonest_reason(c));
  }
  const uint64_t read = tree.reads.bytes + tree.reads_blind.bytes;
  if (read > 0)
    text += fmt::format("{}{} read from {}.", text.empty() ? "" : " ", long_size(read),
                        counted(tree.reads.files + tree.reads_blind.files, "file"));
  return text.empty() ? "Nothing was written." : text;
}

std::string notes(const Tree& tree) {
  std::string text;
  if (tree.totals.errors > 0)
    text += fmt::format("<p class=\"note\">{} failed; the program was told.</p>\n",
                        counted(tree.totals.errors, "write"));
  const auto absent =
      std::count_if(tree.processes.begin(), tree.processes.end(),
                    [](const ProcessReport& process) { return process.guard == "absent"; });
  if (absent > 0)
    text += fmt::format(
        "<p class=\"note\">{} had no guard: killed, it would have lost what it held.</p>\n",
        counted(static_cast<uint64_t>(absent), "process"));
  if (tree.reads_blind.files > 0)
    text += fmt::format(
        "<p class=\"note\">{} read through the page cache, since the kernel doesn't tell what of "
        "{} is "
        "cached.</p>\n",
        counted(tree.reads_blind.files, "file was", "files were"),
        tree.reads_blind.files == 1 ? "it" : "them");
  return text;
}

namespace {

std::string fact(std::string_view name, std::string_view value, std::string_view detail) {
  return fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", name, value, detail);
}

}  // namespace

std::string facts(const Tree& tree) {
  const Counters& c = tree.totals;
  const bool timed = tree.wall_ms > 0;
  const auto if_timed = [timed](std::string text) { return timed ? std::move(text) : "-"; };
  const uint64_t written = bytes_of(c);
  return "<dl class=\"facts\">\n" +
         fact("Written", long_size(written), counted(c.writes.total() + c.calls_passed, "write")) +
         fact("Direct", percent(c.bytes_direct, written), long_size(c.bytes_direct)) +
         fact("On average", if_timed(long_size(whole(average_rate(tree))) + "/s"),
              "from first to last") +
         fact("Lasted", if_timed(duration(static_cast<double>(tree.wall_ms) / 1e3)),
              counted(tree.processes.size(), "process")) +
         fact("Waited", duration(static_cast<double>(c.wait_ns) / 1e9),
              counted(c.waits, "wait") + " for the device") +
         fact("CPU", if_timed(duration(static_cast<double>(tree.user_us + tree.system_us) / 1e6)),
              timed ? fmt::format("system {}", duration(static_cast<double>(tree.system_us) / 1e6))
                    : "") +
         "</dl>\n";
}

std::string files_section(const Tree& tree, std::string_view id) {
  if (tree.files.empty()) return {};
  Table table("Sizes and shares by file, the largest first", {{"file", Align::kPath},
                                                              {"written"},
                                                              {"writes"},
                                                              {"typical"},
                                                              {"in sequence"},
                                                              {"direct"},
                                                              {"mean piece"},
                                                              {"buffered"},
                                                              {"passed through"},
                                                              {"waited"},
                                                              {"way", Align::kText}});
  for (size_t i = 0; i < std::min(kMostRows, tree.files.size()); ++i) {
    const ReportedFile& file = tree.files[i];
    const Counters& c = file.counters;
    table.add({path_cell(file), long_size(bytes_of(c)), grouped(c.writes.total() + c.calls_passed),
               typical(c.writes), sequential(c), direct_share(c), mean_piece(c),
               long_size(c.bytes_buffered), long_size(c.bytes_passed), seconds(c.wait_ns),
               way(file)});
  }
  return section(id, "Files",
                 table.html() + and_more(tree.files.size(), tree.files_unlisted, "file", "files"));
}

std::string hand_backs_section(const Tree& tree, std::string_view id) {
  std::map<std::string_view, uint64_t> files;
  for (const ReportedFile& file : tree.files)
    if (is_left(file)) ++files[file.hand_back];
  if (files.empty()) return {};
  Table table("Why", {{"reason", Align::kText}, {"files"}, {"what happened", Align::kText}});
  for (const auto& [reason, count] : files)
    table.add({escaped(reason), grouped(count), escaped(explain(reason))});
  return section(id, "Left to the kernel", table.html());
}

std::string processes_section(const Tree& tree, std::string_view id, std::string_view of_which) {
  Table table("In the order in which they ended", {{"program", Align::kText},
                                                   {"pid"},
                                                   {"began"},
                                                   {"lasted"},
                                                   {"user CPU"},
                                                   {"system CPU"},
                                                   {"files"},
                                                   {"written"},
                                                   {"direct"},
                                                   {"waited"},
                                                   {"engine", Align::kText},
                                                   {"guard", Align::kText}});
  for (size_t i = 0; i < std::min(kMostRows, tree.processes.size()); ++i) {
    const ProcessReport& p = tree.processes[i];
    const bool timed = !p.timeline.written.empty();
    const auto if_timed = [timed](std::string text) { return timed ? std::move(text) : "-"; };
    const uint64_t began_ms = timed ? p.timeline.start_ms - tree.timeline.start_ms : 0;
    table.add({escaped(p.program), fmt::format("{}", p.pid),
               if_timed("+ " + seconds(began_ms * 1000000)), if_timed(seconds(p.wall_ns)),
               if_timed(cpu_seconds(p.user_us)), if_timed(cpu_seconds(p.system_us)),
               grouped(p.files_closed), long_size(bytes_of(p.totals)), direct_share(p.totals),
               seconds(p.totals.wait_ns), escaped(p.engine), escaped(p.guard)});
  }
  return section(id, fmt::format("Processes{}", of_which),
                 table.html() + and_more(tree.processes.size(), 0, "process", "processes"));
}

std::string measures_section(const Tree& a, const Tree& b) {
  Table table("B/A: B as a multiple of A", {{"measure", Align::kText}, {"A"}, {"B"}, {"B/A"}});
  const std::vector<Measure> of_a = measures_of(a), of_b = measures_of(b);
  for (size_t i = 0; i < of_a.size(); ++i)
    table.add({std::string(of_a[i].label), long_text_of(of_a[i]), long_text_of(of_b[i]),
               ratio_of(of_a[i], of_b[i])});
  return section("measures", "In numbers", table.html());
}

std::string pairs_section(const Tree& a, const Tree& b) {
  const std::vector<FilePair> pairs = pairs_of(a, b);
  if (pairs.empty()) return {};
  Table table(
      "Files of the same path stand side by side",
      {{"file", Align::kPath}, {"written, A"}, {"B"}, {"direct, A"}, {"B"}, {"waited, A"}, {"B"}});
  const auto cell = [](const ReportedFile* file, std::string (*text)(const Counters&)) {
    return file == nullptr ? std::string("-") : text(file->counters);
  };
  const auto written = [](const Counters& c) { return long_size(bytes_of(c)); };
  const auto waited = [](const Counters& c) { return seconds(c.wait_ns); };
  for (size_t i = 0; i < std::min(kMostRows, pairs.size()); ++i) {
    const auto& [of_a, of_b] = pairs[i];
    table.add({fmt::format("<bdi class=\"path\">{}</bdi>", escaped(pairs[i].path())),
               cell(of_a, written), cell(of_b, written), cell(of_a, direct_share),
               cell(of_b, direct_share), cell(of_a, waited), cell(of_b, waited)});
  }
  return section(
      "files", "Files",
      table.html() + and_more(pairs.size(), a.files_unlisted + b.files_unlisted, "file", "files"));
}

}  // namespace seqshim
