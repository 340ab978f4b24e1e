// Saved reports as one HTML page that needs nothing else: no network, no script.
#pragma once

#include <string>

#include "shim/cli/report/tree.h"

namespace seqshim {

std::string report_page(const Tree& tree);
/// Side by side.
std::string comparison_page(const Tree& a, const Tree& b);

}  // namespace seqshim
