// What `--dry-run` prints.
#pragma once

#include <string>
#include <string_view>

#include "shim/cli/words.h"

namespace seqshim {

/// As one word of a POSIX shell.
std::string shell_word(std::string_view word);

/// The variables of `environment` (as environ) that the shim is there by, or heeds, one a line as
/// NAME=value, and then the command: all of it quoted for a shell.
std::string plan_of(const char* const* environment, const Words& command);

}  // namespace seqshim
