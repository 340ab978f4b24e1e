// The comparison as JSON, run by run.
#pragma once

#include <string>

#include "shim/cli/compare/comparison.h"

namespace seqshim {

/// One object, with what is shown as a table in "summary". Bytes that aren't UTF-8 are replaced.
std::string json_of(const Comparison& comparison);

}  // namespace seqshim
