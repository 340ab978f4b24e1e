#include "shim/cli/run/progress_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "shim/cli/numbers.h"
#include "shim/config/text.h"

namespace seqshim {
namespace {

constexpr double kWindow = 1.0;  // seconds
/// Of less, a path says nothing.
constexpr size_t kLeastPath = 8;

std::string clock_text(double seconds) {
  const auto whole = static_cast<uint64_t>(seconds);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string flight_text(const Tallies& tallies) {
  const uint64_t accepted = tallies[Tally::kAccepted], landed = tallies[Tally::kLanded];
  return size_text(accepted > landed ? accepted - landed : 0) + " in flight";
}

std::string speed_text(double speed) {
  return fmt::format("[{:>8}]", size_text(static_cast<uint64_t>(speed)) + "/s");
}

std::string head_of(const Tallies& tallies, double seconds) {
  return fmt::format("{:>6} {}", size_text(tallies[Tally::kAccepted]), clock_text(seconds));
}

std::string waits_text(const Tallies& tallies) {
  const uint64_t waits = tallies[Tally::kWaits];
  return fmt::format("{} wait{}", waits, waits == 1 ? "" : "s");
}

std::string line_of_whole(const Moment& whole, double seconds) {
  return fmt::format("{} {} ({}) {}, {}", head_of(whole.tallies, seconds), speed_text(whole.speed),
                     rate_text(whole.tallies[Tally::kAccepted], seconds),
                     flight_text(whole.tallies), waits_text(whole.tallies));
}

std::string line_of_file(const Moment& file) {
  return fmt::format("{:>6} {} {}", size_text(file.tallies[Tally::kAccepted]),
                     speed_text(file.speed), flight_text(file.tallies));
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

/// The end of `path` that takes `columns` at most. What isn't ASCII may take two.
std::string end_of(const std::string& path, size_t columns) {
  constexpr std::string_view kCut = "..";
  TextBuilder text;
  const std::string_view shown = text.printable(path).text();
  size_t start = shown.size(), fitting = shown.size(), width = 0;
  while (start > 0) {
    do --start;
    while (start > 0 && !begins_character(shown[start]));
    width += fitting - start > 1 ? 2 : 1;
    if (width > columns) break;
    if (width + kCut.size() <= columns) fitting = start;
    if (start == 0) return std::string(shown);
  }
  return std::string(kCut) + std::string(shown.substr(fitting));
}

/// `line`, and behind it as much of the path as there is room for.
std::string with_path(const std::string& line, const std::string& path, size_t width) {
  if (line.size() > width) return line.substr(0, width);
  if (line.size() + 2 + kLeastPath > width) return line;
  return line + "  " + end_of(path, width - line.size() - 2);
}

}  // namespace

void Speed::note(double seconds, uint64_t bytes) {
  seen_.emplace_back(seconds, bytes);
  while (seen_.size() > 2 && seen_[1].first <= seconds - kWindow) seen_.pop_front();
}

double Speed::per_second() const {
  if (seen_.size() < 2) return 0;
  const auto& [from, before] = seen_.front();
  const auto& [to, now] = seen_.back();
  return to > from && now > before ? static_cast<double>(now - before) / (to - from) : 0;
}

std::vector<std::string> progress_lines(const Moment& whole, double seconds,
                                        const std::vector<Moment>& files, size_t columns,
                                        size_t rows) {
  const size_t width = columns > 1 ? columns - 1 : 1;
  const size_t most = rows > 2 ? rows - 1 : 1;
  const std::string first = line_of_whole(whole, seconds);
  if (files.size() == 1) return {with_path(first, files[0].path, width)};
  std::vector<std::string> lines = {first.substr(0, width)};
  if (most < 2) return lines;
  // The last line may have to stand for several.
  const size_t listed = files.size() < most ? files.size() : most - 2;
  for (size_t i = 0; i < listed; ++i)
    lines.push_back(with_path(line_of_file(files[i]), files[i].path, width));
  if (listed < files.size())
    lines.push_back(
        fmt::format("       and {} more files", files.size() - listed).substr(0, width));
  return lines;
}

std::string last_progress_line(const Tallies& tallies, double seconds) {
  return fmt::format("{} ({}) {}", head_of(tallies, seconds),
                     rate_text(tallies[Tally::kAccepted], seconds), waits_text(tallies));
}

}  // namespace seqshim
