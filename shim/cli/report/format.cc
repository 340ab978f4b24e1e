#include "shim/cli/report/format.h"

#include <fmt/format.h>
#include <time.h>

#include "shim/config/text.h"

namespace seqshim {

uint64_t whole(double value) { return value < 0x1p64 ? static_cast<uint64_t>(value) : UINT64_MAX; }

std::string short_size(uint64_t bytes) {
  char buffer[32];
  TextBuilder text(buffer, sizeof buffer);
  return std::string(text.size(bytes).text());
}

std::string long_size(uint64_t bytes) {
  std::string text = short_size(bytes);
  if (text.back() >= '0' && text.back() <= '9') return text + " B";
  const char unit = text.back();
  text.pop_back();
  return fmt::format("{} {}iB", text, unit);
}

std::string duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.3f} s", seconds);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const uint64_t count = whole(seconds);
  if (count < 3600) return fmt::format("{} min {:02} s", count / 60, count % 60);
  return fmt::format("{} h {:02} min", count / 3600, count / 60 % 60);
}

std::string ratio(double a, double b) {
  if (a <= 0) return "-";
  return b / a < 100 ? fmt::format("{:.2f}", b / a) : grouped(whole(b / a));
}

std::string calendar_time(uint64_t ms_since_epoch) {
  const auto seconds = static_cast<time_t>(ms_since_epoch / 1000);
  tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace seqshim
