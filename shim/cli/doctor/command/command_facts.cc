#include "shim/cli/doctor/command/command_facts.h"

#include <fmt/format.h>

#include <cstdlib>

#include "shim/cli/complain.h"
#include "shim/cli/target/first_line.h"

namespace seqshim {
namespace {

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// What `env` starts, if that is the command and can be told.
std::optional<EnvCommand> started_by_env(const Words& command) {
  if (file_name(command[0]) != "env") return std::nullopt;
  return env_command({command.begin() + 1, command.end()});
}

Target target_of(const std::string& command) {
  const char* const search_path = getenv("PATH");
  return find_target(command, search_path != nullptr ? search_path : "/bin:/usr/bin");
}

}  // namespace

CommandFacts examine_command(const Words& command) {
  CommandFacts facts;
  facts.given = command[0];
  const std::optional<EnvCommand> started = started_by_env(command);
  if (started) {
    facts.by_env = true;
    facts.given = started->program;
  }
  facts.target = target_of(facts.given);
  if (started && !started->keeps_preload && facts.target.exit_code == 0) {
    facts.target.exit_code = kCannotRun;
    facts.target.problem = fmt::format(
        "can't reach into {}: env takes LD_PRELOAD out of the environment", facts.given);
  }
  if (facts.target.exit_code != 0) return facts;
  const std::vector<std::string>& interpreters = facts.target.interpreters;
  facts.program = read_elf_object(interpreters.empty() ? facts.target.path : interpreters.back());
  if (facts.program) facts.libraries = libraries_of(*facts.program, search_places());
  return facts;
}

}  // namespace seqshim
