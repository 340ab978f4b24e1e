// The files of two reports, path by path.
#pragma once

#include <string>
#include <vector>

#include "shim/cli/report/tree.h"

namespace seqshim {

struct FilePair {
  const ReportedFile* a;  // nullptr: only B has it
  const ReportedFile* b;
  const std::string& path() const { return a != nullptr ? a->path : b->path; }
};

/// Those of A in its order, then those that only B has, in its own. They stay the trees'.
std::vector<FilePair> pairs_of(const Tree& a, const Tree& b);

}  // namespace seqshim
