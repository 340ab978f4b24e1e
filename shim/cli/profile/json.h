// The profile for programs.
#pragma once

#include <string>
#include <vector>

#include "shim/cli/profile/profile_data.h"
#include "shim/cli/profile/symbols.h"

namespace seqshim::profiling {

/// One object; see README.md. Times are in seconds but where a name ends in _ns.
std::string json_of(const Profile& profile, const std::vector<std::string>& command,
                    Symbols& symbols);

}  // namespace seqshim::profiling
