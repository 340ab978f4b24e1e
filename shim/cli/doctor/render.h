// A diagnosis as people and as programs read it.
#pragma once

#include <string>

#include "shim/cli/doctor/finding.h"

namespace seqshim {

/// Columns of mark, subject and the rest, which is wrapped at 100 columns; the verdict comes last.
/// `coloured`: the marks are, for a terminal.
std::string text_of(const Diagnosis& diagnosis, bool coloured);

/// One object with all of it, and a newline.
std::string json_of(const Diagnosis& diagnosis);

}  // namespace seqshim
