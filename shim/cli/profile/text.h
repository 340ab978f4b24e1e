// The profile for readers.
#pragma once

#include <string>

#include "shim/cli/profile/call_sites.h"

namespace seqshim::profiling {

/// `command` is what was run; at most `most` files and call sites are listed.
std::string text_of(const Profile& profile, const std::string& command, Symbols& symbols, By by,
                    size_t most);

}  // namespace seqshim::profiling
