// All that can be found out of a command without running it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shim/cli/doctor/command/libraries.h"
#include "shim/cli/target/target.h"
#include "shim/cli/words.h"

namespace seqshim {

struct CommandFacts {
  std::string given;    // the command's name
  bool by_env = false;  // it was `env`, and this is what that starts
  Target target;
  std::optional<ElfObject> program;  // nothing: it isn't reached, or can't be read
  std::vector<LinkedLibrary> libraries;
};

CommandFacts examine_command(const Words& command);

}  // namespace seqshim
