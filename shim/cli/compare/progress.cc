#include "shim/cli/compare/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace seqshim {
namespace {

bool can_replace_lines() {
  const char* const terminal = getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

Progress::Progress(const Plan& plan)
    : shown_(can_replace_lines() && !plan.show_output),
      rounds_(plan.rounds),
      runs_(2 * (plan.rounds + plan.warmup)) {}

void Progress::show(int round, Way way) {
  if (!shown_) return;
  std::string line = round > 0 ? fmt::format("round {} of {}: {}", round, rounds_, name_of(way))
                               : fmt::format("warming up: {}", name_of(way));
  if (begun_ > 0) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    line += fmt::format(", about {:.0f} s to go", passed.count() / begun_ * (runs_ - begun_));
  }
  ++begun_;
  std::fputs(fmt::format("\r\033[K{}", line).c_str(), stderr);
}

void Progress::clear() const {
  if (shown_) std::fputs("\r\033[K", stderr);
}

}  // namespace seqshim
