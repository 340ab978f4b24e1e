#include "shim/cli/profile/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "shim/cli/numbers.h"
#include "shim/cli/profile/figures.h"
#include "shim/cli/profile/verdict.h"

namespace seqshim::profiling {
namespace {

constexpr size_t kHistograms = 3;  // of so many files the sizes are shown
constexpr size_t kCallers = 5;

// One line of a terminal, whatever bytes a name may have.
std::string printable(std::string text) {
  for (char& byte : text)
    if (static_cast<unsigned char>(byte) < ' ' || byte == 0x7f) byte = '?';
  return text;
}

/// Builds the text piece by piece.
class Page {
 public:
  Page(const Profile& profile, Symbols& symbols, By by, size_t most)
      : profile_(profile), symbols_(symbols), by_(by), most_(most) {}

  std::string write(const std::string& command);

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  void write_totals(const std::string& command);
  void write_gaps();
  void write_processes();
  void write_files();
  void write_file(const FileProfile& file);
  void write_sizes(const FileProfile& file);
  void write_sites();
  void write_site(const CallSite& site);

  const Profile& profile_;
  Symbols& symbols_;
  const By by_;
  const size_t most_;
  std::string text_;
};

std::string Page::write(const std::string& command) {
  write_totals(command);
  write_gaps();
  if (profile_.processes.size() > 1) write_processes();
  if (!profile_.files.empty()) write_files();
  if (!profile_.stacks.empty()) write_sites();
  return std::move(text_);
}

void Page::write_totals(const std::string& command) {
  uint64_t calls = 0, bytes = 0, write_ns = 0, samples = 0, sampling_ns = 0, lived_ns = 0;
  for (const ProcessProfile& process : profile_.processes) {
    calls += process.calls;
    bytes += process.bytes;
    write_ns += process.write_ns;
    samples += process.samples;
    sampling_ns += process.sampling_ns;
    lived_ns += process.last_ns - process.first_ns;
  }
  line("seqshim profile: {}", printable(command));
  if (calls == 0) {
    line("  no writes to regular files were seen");
    return;
  }
  line("  {} wrote {} in {} to {}", counted(profile_.processes.size(), "process"), size_text(bytes),
       counted(calls, "call"), counted(profile_.files.size(), "file"));
  line("  {} of {} went by in these calls; to look whence {} of them came took {}",
       time_text(static_cast<double>(write_ns)), time_text(static_cast<double>(lived_ns)),
       grouped(samples), time_text(static_cast<double>(sampling_ns)));
}

// What isn't in the tables.
void Page::write_gaps() {
  uint64_t missed = 0, sandboxed = 0;
  for (const ProcessProfile& process : profile_.processes) {
    missed += process.missed;
    sandboxed += process.sandboxed ? 1 : 0;
  }
  if (profile_.blind_to_streams)
    line("  what stdio's streams wrote couldn't be seen in some process");
  if (missed > 0)
    line("  {} not noted: another was just being noted when a signal handler made it",
         counted(missed, "call"));
  if (sandboxed > 0)
    line("  {} restricted its own system calls and wasn't watched from then on",
         counted(sandboxed, "process"));
  if (profile_.processes_turned_away > 0)
    line("  and {} more, for which there was no room",
         counted(profile_.processes_turned_away, "process"));
}

void Page::write_processes() {
  line("\nPROCESSES\n{:>9} {:>8}  {:>9}  pid and command", "calls", "bytes", "in write");
  std::vector<const ProcessProfile*> order;
  for (const ProcessProfile& process : profile_.processes) order.push_back(&process);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->bytes > b->bytes; });
  for (size_t i = 0; i < std::min(order.size(), most_); ++i) {
    const ProcessProfile& process = *order[i];
    line("{:>9} {:>8}  {:>9}  {} {}", grouped(process.calls), size_text(process.bytes),
         time_text(static_cast<double>(process.write_ns)), process.pid,
         printable(process.arguments).substr(0, 60));
  }
  if (order.size() > most_) line("  and {} more", grouped(order.size() - most_));
}

void Page::write_files() {
  line("\nFILES, most bytes first\n{:>9} {:>8} {:>11} {:>8} {:>9} {:>9} {:>6} {:>6} {:>6} {:>9}",
       "calls", "bytes", "commonly", "aligned", "in order", "rewritten", "back", "holes", "syncs",
       "in write");
  const size_t shown = std::min(profile_.files.size(), most_);
  for (size_t i = 0; i < shown; ++i) write_file(profile_.files[i]);
  if (shown < profile_.files.size()) line("  and {} more", grouped(profile_.files.size() - shown));
  if (profile_.unlisted_calls > 0)
    line("  and more files than are kept apart: {} in {}", size_text(profile_.unlisted_bytes),
         counted(profile_.unlisted_calls, "call"));
  for (size_t i = 0; i < std::min(shown, kHistograms); ++i)
    if (i == 0 || is_worthwhile(profile_.files[i])) write_sizes(profile_.files[i]);
}

void Page::write_file(const FileProfile& file) {
  const AccessPattern& pattern = file.pattern;
  const uint64_t seeks = pattern.seeks_back + pattern.seeks_ahead;
  line("{:>9} {:>8} {:>11} {:>8} {:>9} {:>9} {:>6} {:>6} {:>6} {:>9}", grouped(pattern.calls),
       size_text(pattern.bytes), size_range(pattern.sizes.commonest()),
       share_text(static_cast<double>(pattern.to_4096.both), static_cast<double>(pattern.calls)),
       share_text(static_cast<double>(pattern.calls - std::min(seeks, pattern.calls)),
                  static_cast<double>(pattern.calls)),
       size_text(pattern.rewritten_bytes), grouped(pattern.seeks_back), grouped(pattern.holes),
       grouped(pattern.syncs), time_text(static_cast<double>(pattern.write_ns)));
  std::string path = file.path.empty() ? "(without a name)" : printable(file.path);
  std::string who;
  if (file.files > 1) who += fmt::format(" ({} of that name)", counted(file.files, "file"));
  if (file.processes > 1) who += fmt::format(" (by {})", counted(file.processes, "process"));
  line("      {}: {}{}", path, verdict(file), who);
}

void Page::write_sizes(const FileProfile& file) {
  constexpr double kWidth = 40;
  const AccessPattern& pattern = file.pattern;
  if (pattern.calls == 0) return;
  line("\nSIZES of {}", printable(file.path));
  const auto total = static_cast<double>(pattern.sizes.total());
  for (size_t bucket = 0; bucket < pattern.sizes.count.size(); ++bucket) {
    const uint64_t count = pattern.sizes.count[bucket];
    if (count == 0) continue;
    const double share = static_cast<double>(count) / total;
    const std::string bar(static_cast<size_t>(std::lround(share * kWidth)), '#');
    line("{:>12} {:>11} {:>6.1f} %{}{}", size_range(bucket), grouped(count), 100 * share,
         bar.empty() ? "" : "  ", bar);
  }
  if (pattern.runs > 0)
    line("  {}, the longest of {}, on average {}", counted(pattern.runs, "run"),
         size_text(pattern.longest_run), size_text(pattern.bytes / pattern.runs));
  if (pattern.gaps.total() > 0)
    line("  between two calls commonly {}; the longest call took {}",
         time_range(pattern.gaps.commonest()),
         time_text(static_cast<double>(pattern.longest_write_ns)));
}

void Page::write_sites() {
  constexpr const char* kNames[] = {"bytes", "calls", "time"};
  const std::vector<CallSite> sites = call_sites(profile_, symbols_, by_);
  line(
      "\nCALL SITES, most {} first; estimated from the calls that were looked at\n"
      "{:>15} {:>17} {:>17}  where",
      kNames[static_cast<size_t>(by_)], "bytes", "calls", "in write");
  for (size_t i = 0; i < std::min(sites.size(), most_); ++i) write_site(sites[i]);
  if (sites.size() > most_) line("  and {} more", grouped(sites.size() - most_));
  const auto is_nameless = [](const CallSite& site) { return site.symbol.function.empty(); };
  if (std::all_of(sites.begin(), sites.end(), is_nameless))
    line("  without symbols; a build with -g, or Debian's NAME-dbgsym, tells functions and lines");
  if (profile_.unlisted_samples > 0)
    line("  and more paths than are kept apart: {} in {}",
         size_text(static_cast<uint64_t>(profile_.unlisted.bytes)),
         counted(static_cast<uint64_t>(profile_.unlisted.calls), "call"));
}

void Page::write_site(const CallSite& site) {
  Weight total = profile_.unlisted;
  for (const CallStack& stack : profile_.stacks) total.add(stack.weight);
  line("{:>8} {:>6} {:>10} {:>6} {:>10} {:>6}  {} by {}",
       size_text(static_cast<uint64_t>(site.weight.bytes)),
       share_text(site.weight.bytes, total.bytes),
       grouped(static_cast<uint64_t>(std::llround(site.weight.calls))),
       share_text(site.weight.calls, total.calls), time_text(site.weight.write_ns),
       share_text(site.weight.write_ns, total.write_ns), describe(site.frame, site.symbol),
       site.by);
  for (size_t i = 0; i < std::min(site.callers.size(), kCallers); ++i)
    line("{:54}{}", "", describe(site.callers[i], symbols_.of(site.callers[i])));
}

}  // namespace

std::string text_of(const Profile& profile, const std::string& command, Symbols& symbols, By by,
                    size_t most) {
  return Page(profile, symbols, by, most).write(command);
}

}  // namespace seqshim::profiling
