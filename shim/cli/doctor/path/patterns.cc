#include "shim/cli/doctor/path/patterns.h"

#include "shim/config/pattern.h"

namespace seqshim {
namespace {

bool matches(const std::string& list, const std::string& name) {
  PatternList patterns(list);
  patterns.resolve_directories();
  return patterns.matches(name);
}

/// An exclusion by itself matches nothing: it is tried on a list that otherwise matches all.
bool decides(const std::string& pattern, const std::string& name) {
  return pattern[0] == '!' ? !matches("*:" + pattern, name) : matches(pattern, name);
}

}  // namespace

PatternDecision decide_by_patterns(const std::string& list, const std::string& name) {
  PatternDecision decision;
  decision.managed = matches(list, name);
  for (const std::string& pattern : split_patterns(list)) {
    if (decides(pattern, name)) decision.pattern = pattern;
  }
  return decision;
}

std::vector<std::string> split_patterns(const std::string& list) {
  std::vector<std::string> patterns;
  std::string pattern;
  const auto end = [&] {
    if (!pattern.empty()) patterns.push_back(pattern);
    pattern.clear();
  };
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i] == ':') {
      end();
      continue;
    }
    pattern += list[i];
    if (list[i] == '\\' && i + 1 < list.size()) pattern += list[++i];
  }
  end();
  return patterns;
}

}  // namespace seqshim
