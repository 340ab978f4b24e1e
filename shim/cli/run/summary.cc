#include "shim/cli/run/summary.h"

#include <fmt/format.h>

#include "shim/cli/numbers.h"

namespace seqshim {
namespace {

std::string count_text(uint64_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string written_text(const Tallies& tallies, uint64_t files, double seconds) {
  const uint64_t accepted = tallies[Tally::kAccepted];
  std::string text =
      fmt::format("{} in {} to {}", size_text(accepted),
                  count_text(tallies[Tally::kWrites], "write"), count_text(files, "file"));
  if (accepted == 0) return text;
  text +=
      fmt::format(", {} direct, {:.2f} s waiting, {}", percent(tallies[Tally::kDirect], accepted),
                  tallies[Tally::kWaitNs] / 1e9, rate_text(accepted, seconds));
  if (const uint64_t errors = tallies[Tally::kErrors]; errors > 0)
    text += ", " + count_text(errors, "error");
  return text;
}

std::string read_text(const Totals& totals) {
  return fmt::format("read {} past the page cache from {}", size_text(totals.bytes_read),
                     count_text(totals.files_read, "file"));
}

}  // namespace

std::string summary_of(const Totals& totals, double seconds) {
  if (totals.files == 0 && totals.files_read > 0) return read_text(totals);
  std::string text = written_text(totals.tallies, totals.files, seconds);
  if (totals.files_read > 0) text += "; " + read_text(totals);
  return text;
}

}  // namespace seqshim
