// From words to a running program.
#pragma once

#include "shim/cli/words.h"

namespace seqshim {

/// PATH, or what execvp() takes where there is none.
std::string search_path();

/// Looks the command up and judges whether a preloaded library would be in it, see find_target().
/// 0: it can be run, perhaps after a warning on standard error; else the exit code, after one line.
int check_target(const Words& command);

/// Replaces this process, looking along PATH. Returns the exit code if that fails, after one line.
int execute(const Words& command);
/// The same with the program in `file`, whatever `words` name it first.
int execute(const std::string& file, const Words& words);

}  // namespace seqshim
