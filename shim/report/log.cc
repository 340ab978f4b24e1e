#include "shim/report/log.h"

#include <time.h>

#include <cstdint>

#include "shim/config/text.h"
#include "shim/report/append.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

// localtime() and its like take locks and read files. The calendar's arithmetic: years that begin
// in March put the leap day last, and 400 of them are always 146097 days long.
void append_utc(TextBuilder& line, const timespec& now) {
  constexpr uint64_t kDaysBefore1970 = 719468;  // since March 1st of year 0
  const auto seconds = static_cast<uint64_t>(now.tv_sec);
  const uint64_t days = seconds / 86400 + kDaysBefore1970;
  const uint64_t day_of_era = days % 146097;
  const uint64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint64_t march_month = (5 * day_of_year + 2) / 153;
  const uint64_t day = day_of_year - (153 * march_month + 2) / 5 + 1;
  const uint64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  const uint64_t year = year_of_era + days / 146097 * 400 + (month <= 2 ? 1 : 0);
  line.zero_padded(year, 4).append('-').zero_padded(month, 2).append('-').zero_padded(day, 2);
  line.append('T').zero_padded(seconds / 3600 % 24, 2);
  line.append(':').zero_padded(seconds / 60 % 60, 2).append(':').zero_padded(seconds % 60, 2);
  line.append('.').zero_padded(static_cast<uint64_t>(now.tv_nsec) / 1000000, 3).append('Z');
}

}  // namespace

void log_event(const char* path_of_log, std::string_view event, std::string_view file,
               std::string_view detail, int process) {
  if (path_of_log == nullptr) return;
  if (process == 0) process = static_cast<int>(sys::call_with(__NR_getpid));
  timespec now{};
  sys::call_with(__NR_clock_gettime, CLOCK_REALTIME, &now);
  TextBuilder line;
  append_utc(line, now);
  line.append(' ').number(static_cast<uint64_t>(process));
  for (const std::string_view part : {event, file, detail}) {
    if (!part.empty()) line.append(' ').printable(part);
  }
  line.append('\n');
  append_to_file(path_of_log, line.text());
}

}  // namespace seqshim
