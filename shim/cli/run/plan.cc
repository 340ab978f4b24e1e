#include "shim/cli/run/plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace seqshim {
namespace {

// What no shell takes for anything else, wherever it stands in a word.
bool is_plain(char c) {
  constexpr std::string_view kHarmless = "_@%+:,./-";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         kHarmless.find(c) != kHarmless.npos;
}

}  // namespace

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

std::string plan_of(const char* const* environment, const Words& command) {
  std::string plan;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const size_t equals = entry.find('=');
    if (equals == entry.npos) continue;
    if (!entry.starts_with("SEQSHIM_") && !entry.starts_with("LD_PRELOAD=")) continue;
    plan += fmt::format("{}={}\n", entry.substr(0, equals), shell_word(entry.substr(equals + 1)));
  }
  for (size_t i = 0; i < command.size(); ++i)
    plan += fmt::format("{}{}", i > 0 ? " " : "", shell_word(command[i]));
  return plan + "\n";
}

}  // namespace seqshim
