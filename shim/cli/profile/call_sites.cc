#include "shim/cli/profile/call_sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

namespace seqshim::profiling {
namespace {

constexpr std::array<std::string_view, 9> kRunTimeLibraries = {
    "libc.",     "libc-",        "ld-linux", "libpthread", "libstdc++.",
    "libgcc_s.", "libgfortran.", "libcob.",  "linux-vdso",
};

bool is_of_run_time(const Frame& frame) {
  const std::string name = file_name(frame.module);
  return std::any_of(kRunTimeLibraries.begin(), kRunTimeLibraries.end(),
                     [&](std::string_view start) { return name.starts_with(start); });
}

// Names in one line, apart by semicolons.
std::string folded_name(const Frame& frame, Symbols& symbols) {
  std::string name = symbols.of(frame).function;
  if (name.empty()) name = frame.module.empty() ? "unknown" : file_name(frame.module);
  for (char& byte : name) {
    if (byte == ';') byte = ':';
    if (static_cast<unsigned char>(byte) < ' ') byte = '?';
  }
  return name;
}

// glibc has two names for some of its functions.
std::string usual_name(const std::string& function) {
  constexpr std::string_view kInner = "_IO_";
  constexpr std::array<std::string_view, 5> kNames = {"fwrite", "fputs", "puts", "putc", "fflush"};
  if (!function.starts_with(kInner)) return function;
  std::string name = function.substr(kInner.size());
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ? name : function;
}

// What the site has called to write: a function of the C library or of a language's.
std::string callee(const CallStack& stack, size_t site, Symbols& symbols) {
  if (site == 0 || site > stack.frames.size()) return name_of(stack.via);
  const Frame& frame = stack.frames[site - 1];
  const std::string& function = symbols.of(frame).function;
  return function.empty() ? file_name(frame.module) : usual_name(function);
}

// Of the program's own, up to main().
std::vector<Frame> callers_of(const CallStack& stack, size_t site, Symbols& symbols) {
  std::vector<Frame> callers;
  for (size_t i = site + 1; i < stack.frames.size(); ++i) {
    if (symbols.of(stack.frames[i - 1]).function == "main") break;
    if (!is_of_run_time(stack.frames[i])) callers.push_back(stack.frames[i]);
  }
  return callers;
}

}  // namespace

std::optional<By> measure_named(const std::string& name) {
  if (name == "bytes") return By::kBytes;
  if (name == "calls") return By::kCalls;
  if (name == "time") return By::kTime;
  return std::nullopt;
}

double measure(const Weight& weight, By by) {
  switch (by) {
    case By::kCalls:
      return weight.calls;
    case By::kTime:
      return weight.write_ns;
    default:
      return weight.bytes;
  }
}

size_t site_in(const CallStack& stack) {
  for (size_t i = 0; i < stack.frames.size(); ++i)
    if (!is_of_run_time(stack.frames[i])) return i;
  return 0;
}

std::vector<CallSite> call_sites(const Profile& profile, Symbols& symbols, By by) {
  struct Entry {
    CallSite site;
    double heaviest = -1;  // of its paths
  };
  std::map<std::tuple<Frame, std::string>, Entry> entries;
  for (const CallStack& stack : profile.stacks) {
    const size_t at = site_in(stack);
    const Frame frame = at < stack.frames.size() ? stack.frames[at] : Frame{};
    const std::string called = callee(stack, at, symbols);
    Entry& entry = entries[{frame, called}];
    entry.site.weight.add(stack.weight);
    entry.site.samples += stack.samples;
    const double weight = measure(stack.weight, by);
    if (weight <= entry.heaviest) continue;
    entry.heaviest = weight;
    entry.site.frame = frame;
    entry.site.symbol = symbols.of(frame);
    entry.site.by = called;
    entry.site.callers = callers_of(stack, at, symbols);
  }
  std::vector<CallSite> sites;
  sites.reserve(entries.size());
  for (auto& [key, entry] : entries) sites.push_back(std::move(entry.site));
  std::stable_sort(sites.begin(), sites.end(), [by](const CallSite& a, const CallSite& b) {
    return measure(a.weight, by) > measure(b.weight, by);
  });
  return sites;
}

std::string describe(const Frame& frame, const Symbol& symbol) {
  if (symbol.function.empty())
    return frame.module.empty()
               ? fmt::format("{:#x}", frame.offset)
               : fmt::format("{}+{:#x}", file_name(frame.module), frame.offset + 1);
  std::string text = fmt::format("{}+{:#x}", symbol.function, symbol.offset);
  if (symbol.line > 0)
    text += fmt::format(" ({}:{})", file_name(symbol.file), symbol.line);
  else
    text += fmt::format(" in {}", file_name(frame.module));
  return text;
}

std::string folded(const Profile& profile, Symbols& symbols, By by) {
  // Paths that differ in nothing but where in a function they go on are one here.
  std::map<std::string, double> lines;
  for (const CallStack& stack : profile.stacks) {
    std::string line = stack.program;
    if (stack.cut) line += ";...";
    for (auto frame = stack.frames.rbegin(); frame != stack.frames.rend(); ++frame)
      line += ';' + folded_name(*frame, symbols);
    line += ';' + name_of(stack.via);
    const double value = measure(stack.weight, by);
    lines[line] += by == By::kTime ? value / 1000 : value;
  }
  std::string text;
  for (const auto& [line, value] : lines) text += fmt::format("{} {}\n", line, std::llround(value));
  return text;
}

}  // namespace seqshim::profiling
