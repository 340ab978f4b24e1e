// Saved reports as text.
#pragma once

#include <string>

#include "shim/cli/report/tree.h"

namespace seqshim {

/// What --report prints, process by process, and the sum of all if there are several.
std::string report_text(const Tree& tree);
/// Side by side: the sums, and file by file.
std::string comparison_text(const Tree& a, const Tree& b);

}  // namespace seqshim
