#include "shim/cli/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seqshim {
namespace {

/// Of 1 and more.
int digits_before_point(double value) {
  return static_cast<int>(std::floor(std::log10(value))) + 1;
}

}  // namespace

std::string number_text(double value) {
  constexpr int kDigits = 3, kMostDecimals = 3;
  if (std::abs(value) < 0.0005) return "0";
  const double size = std::abs(value);
  const int before = size < 1 ? 0 : digits_before_point(size);
  return fmt::format("{:.{}f}", value, std::clamp(kDigits - before, 0, kMostDecimals));
}

std::string size_text(uint64_t bytes) {
  constexpr char kSuffixes[] = "KMGTPE";
  if (bytes < 1024) return fmt::format("{}", bytes);
  auto value = static_cast<double>(bytes);
  int suffix = -1;
  // What would be shown as 1024.
  while (value >= 1023.5) {
    value /= 1024;
    ++suffix;
  }
  std::string text = fmt::format("{:.{}f}", value, std::max(0, 3 - digits_before_point(value)));
  if (text.find('.') != text.npos) {
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
  }
  return text + kSuffixes[suffix];
}

std::string size_as_adjective(uint64_t bytes) {
  return bytes < 1024 ? fmt::format("{}-byte", bytes) : size_text(bytes);
}

std::string rate_text(uint64_t bytes, double seconds) {
  if (!(seconds > 0)) return "-";
  return size_text(static_cast<uint64_t>(static_cast<double>(bytes) / seconds)) + "/s";
}

std::string grouped(uint64_t count) {
  std::string digits = fmt::format("{}", count);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string counted(uint64_t count, std::string_view one, std::string_view many) {
  if (count != 1 && !many.empty()) return fmt::format("{} {}", grouped(count), many);
  const std::string_view ending = count == 1 ? "" : one.ends_with('s') ? "es" : "s";
  return fmt::format("{} {}{}", grouped(count), one, ending);
}

std::string percent(uint64_t part, uint64_t whole) {
  if (part == 0 || whole == 0) return "0 %";
  if (part >= whole) return "100 %";
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (share < 0.1) return "< 0.1 %";
  if (share > 99.9) return "> 99.9 %";
  return fmt::format("{:.{}f} %", share, share < 10 || share >= 99.5 ? 1 : 0);
}

}  // namespace seqshim
