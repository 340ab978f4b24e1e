// Which pattern decides whether a file is managed.
#pragma once

#include <string>
#include <vector>

namespace seqshim {

struct PatternDecision {
  bool managed = false;
  std::string pattern;  // the last one that matches; empty: none does
};

/// `list` as in SEQSHIM_MATCH, of a file that the kernel names so.
PatternDecision decide_by_patterns(const std::string& list, const std::string& name);

/// The list's patterns one by one, as they stand there.
std::vector<std::string> split_patterns(const std::string& list);

}  // namespace seqshim
