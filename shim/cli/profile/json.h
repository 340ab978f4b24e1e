// The profile for programs.
#pragma once

#include <string>
#include <vector>

#include "shim/cli/profile/profile_data.h"
#include "shim/cli/profile/symbols.h"

namespace seqshim::profiling {

/// One object: processes, files, stacks, and what there was no room for.
std::string json_of(const Profile& profile, const std::vector<std::string>& command,
                    Symbols& symbols);

}  // namespace seqshim::profiling
