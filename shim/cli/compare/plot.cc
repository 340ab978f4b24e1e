#include "shim/cli/compare/plot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "shim/cli/compare/metrics.h"
#include "shim/cli/compare/plan.h"
#include "shim/cli/compare/table.h"
#include "shim/cli/complain.h"
#include "shim/cli/execute.h"
#include "shim/config/text.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

struct Drawn {
  std::string_view key, label, unit;
};

constexpr Drawn kDrawn[] = {
    {"seconds", "time to durable", " s"}, {"system_seconds", "system CPU", " s"},
    {"cpu_seconds", "CPU in all", " s"},  {"output_left_bytes", "left in the page cache", ""},
    {"write_calls", "write calls", ""},
};

struct Bar {
  Column column;
  std::string_view name, colour;
  double shift;  // of a line's height
};

constexpr Bar kBars[] = {{Column::kPlainSync, "plain + sync", "#8a8a8a", -0.19},
                         {Column::kSeqshim, "seqshim", "#d1361f", 0.19}};
constexpr double kHalfBar = 0.16;
constexpr int kWidth = 900, kTop = 112, kBottom = 60, kPitch = 58;

bool is_png(const std::string& path) { return fs::path(path).extension() == ".png"; }

/// Nothing else is special in single quotes.
std::string in_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char byte : text) quoted += byte == '\'' ? std::string("''") : std::string(1, byte);
  return quoted + "'";
}

/// A line of title; what is too long for it ends in dots.
std::string shortened(const std::string& text) {
  constexpr size_t kFits = 95;
  if (text.size() <= kFits) return text;
  // A character may have been cut.
  TextBuilder valid;
  valid.printable(std::string_view(text).substr(0, kFits - 3)).append("...");
  return std::string(valid.text());
}

/// The verdict is longer than a line, and no word of it.
std::array<std::string, 2> in_two_lines(const std::string& text) {
  constexpr size_t kFits = 115;
  if (text.size() <= kFits) return {text, ""};
  const size_t blank = text.rfind(' ', kFits);
  return {text.substr(0, blank), text.substr(blank + 1)};
}

struct DrawnLine {
  Drawn what;
  Line line;
};

/// Those that have something to be in proportion to.
std::vector<DrawnLine> drawn_lines(const Comparison& comparison) {
  const auto lines = lines_of(comparison.runs);
  std::vector<DrawnLine> drawn;
  for (const Drawn& what : kDrawn) {
    const Line& line = line_of(lines, what.key);
    if (line.ratio()) drawn.push_back({what, line});
  }
  return drawn;
}

/// Columns: where it ends, its least and its greatest value, all in proportion; its height; its
/// value as text.
std::string data_of(const Bar& bar, const std::vector<DrawnLine>& lines) {
  std::string rows;
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto& [what, line] = lines[i];
    const double whole = spread_of(line.of(Column::kPlainSync))->median;
    const Spread spread = *spread_of(line.of(bar.column));
    rows += fmt::format("{} {} {} {} \"{}{}\"\n", spread.median / whole, spread.low / whole,
                        spread.high / whole, static_cast<double>(i) + bar.shift,
                        text_of(spread.median, line.metric->unit), what.unit);
  }
  return rows;
}

double longest(const std::vector<DrawnLine>& lines) {
  double most = 1;
  for (const auto& [what, line] : lines) {
    for (const Bar& bar : kBars)
      most = std::max(most, spread_of(line.of(bar.column))->high /
                                spread_of(line.of(Column::kPlainSync))->median);
  }
  return most;
}

std::string title(const Comparison& comparison, int height, int points) {
  const auto [first, second] = in_two_lines(comparison.verdict);
  std::string labels;
  const auto add = [&](const std::string& text, int from_top, int size) {
    labels += fmt::format("set label {} at screen 0.02, screen {} left font ',{}'\n",
                          in_quotes(text), 1 - static_cast<double>(from_top) / height, size);
  };
  add(shortened(command_text(comparison.command)), 20, points + 1);
  add(first, 42, points);
  add(second, 60, points);
  return labels;
}

std::string terminal(const std::string& path, int height) {
  const std::string_view name =
      is_png(path) ? "pngcairo font 'DejaVu Sans,9'" : "svg font 'DejaVu Sans,12'";
  return fmt::format("set terminal {} background '#ffffff' noenhanced size {},{}\n", name, kWidth,
                     height);
}

std::string first_line_of(const std::string& path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.find_first_not_of(" \t^") != line.npos) return line;
  return "it says nothing";
}

bool is_on_path(std::string_view program) {
  const char* const path = getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/bin:/usr/bin";
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(':'), rest.size());
    if (access((fs::path(rest.substr(0, end)) / program).c_str(), X_OK) == 0) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace

void check_plot(const std::string& path) {
  const fs::path ending = fs::path(path).extension();
  if (ending != ".svg" && ending != ".png")
    throw Failure(fmt::format("--plot {}: the name must end in .svg or .png", path), kWrongUsage);
  if (!is_on_path("gnuplot"))
    throw Failure("--plot needs gnuplot, which isn't to be found (Debian: gnuplot-nox)",
                  kOwnFailure);
}

std::string plot_script(const Comparison& comparison, const std::string& path) {
  const auto lines = drawn_lines(comparison);
  const int height = kTop + kBottom + kPitch * static_cast<int>(std::max<size_t>(lines.size(), 1));
  std::string data, labels, curves;
  for (size_t i = 0; i < lines.size(); ++i)
    labels += fmt::format("{}{} {}", i > 0 ? ", " : "", in_quotes(lines[i].what.label), i);
  for (const Bar& bar : kBars) {
    const std::string block = fmt::format("$bar{}", static_cast<int>(bar.column));
    data += fmt::format("{} << END\n{}END\n", block, data_of(bar, lines));
    curves += fmt::format(
        "{4}{0} using ($1/2):4:(0):1:($4-{1}):($4+{1}) with boxxyerror fs solid noborder "
        "lc rgb '{2}' title {3}, "
        "{0} using 2:4:($3-$2):(0) with vectors nohead lw 1.5 lc rgb '#222222' notitle, "
        "{0} using 3:4:5 with labels left offset 0.8,0 tc rgb '#222222' notitle",
        block, kHalfBar, bar.colour, in_quotes(bar.name), curves.empty() ? "" : ", ");
  }
  std::string script = data + terminal(path, height);
  script += fmt::format("set output {}\n", in_quotes(path));
  script += title(comparison, height, is_png(path) ? 9 : 12);
  script += fmt::format(
      "set key at screen 0.98, screen {} right top horizontal samplen 1.5\n"
      "set tmargin at screen {}\nset bmargin at screen {}\n"
      "set lmargin at screen 0.2\nset rmargin at screen 0.97\n"
      "set border 1 lc rgb '#888888'\nset grid x lc rgb '#e2e2e2' lt 1\n"
      "set tics nomirror scale 0.5 textcolor rgb '#222222'\n"
      "set xlabel {}\nset xrange [0:{}]\nset ytics ({}) scale 0\nset yrange [{}:-0.5]\n",
      1 - 74.0 / height, 1 - static_cast<double>(kTop) / height,
      static_cast<double>(kBottom) / height,
      in_quotes(fmt::format("plain + sync is 1; {}", about_values(comparison.rounds))),
      longest(lines) * 1.15, labels, static_cast<double>(lines.size()) - 0.5);
  // Without a bar there would be nothing to plot.
  return script +
         (lines.empty() ? "set yrange [0:1]\nplot NaN notitle\n" : "plot " + curves + "\n");
}

void plot(const Comparison& comparison, const std::string& path, const std::string& directory,
          ProcessTree& processes) {
  const std::string script = directory + "/plot.gp", errors = directory + "/plot.err";
  std::ofstream(script) << plot_script(comparison, path);
  const Ended ended = processes.run([&] {
    const int fd = open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    return execute({"gnuplot", "-d", script});
  });
  if (ended.exit_code != 0)
    throw Failure(fmt::format("gnuplot failed: {}", first_line_of(errors)), kOwnFailure);
}

}  // namespace seqshim
