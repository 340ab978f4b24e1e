// Standard output: what somebody asked to see.
#pragma once

#include <string>

namespace seqshim {

/// Writes `text` to standard output. 0; or kOwnFailure, after one line on standard error, if not
/// all of it could be written: it is closed, or the disk is full.
int print(const std::string& text);

}  // namespace seqshim
