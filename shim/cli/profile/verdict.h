// What direct I/O would bring a file that is written like that.
#pragma once

#include <string>

#include "shim/cli/profile/profile_data.h"

namespace seqshim::profiling {

/// Whether so much is written that it matters how.
bool is_worthwhile(const FileProfile& file);

/// A few words: "direct would suit: small sequential".
std::string verdict(const FileProfile& file);

}  // namespace seqshim::profiling
