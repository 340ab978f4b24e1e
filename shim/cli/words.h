// A command line, or part of one.
#pragma once

#include <string>
#include <vector>

namespace seqshim {

using Words = std::vector<std::string>;

/// All of them in one; none is preceded by `between` that has only empty ones before it.
inline std::string joined(const Words& words, char between) {
  std::string all;
  for (const std::string& word : words) {
    if (!all.empty()) all += between;
    all += word;
  }
  return all;
}

}  // namespace seqshim
