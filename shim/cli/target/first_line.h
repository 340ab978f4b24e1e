// The first line of a script, and what env(1) makes of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seqshim {

/// What follows `#!`: the program, and the rest as the one word that the kernel passes.
struct FirstLine {
  std::string program;
  std::string argument;
};

/// Nothing if `start`, a file's first bytes, has no such line.
std::optional<FirstLine> first_line_in(std::string_view start);

/// What `env` starts when `#!` gives it this argument.
struct EnvCommand {
  std::string program;        // as env looks it up along PATH
  bool keeps_preload = true;  // false: LD_PRELOAD is unset or replaced
};

/// Nothing if that can't be told: there is no program, or there are quotes, variables, a PATH of
/// its own or options that this doesn't know.
std::optional<EnvCommand> env_command(std::string_view argument);

/// The same of the words that follow `env` on a command line.
std::optional<EnvCommand> env_command(const std::vector<std::string_view>& words);

}  // namespace seqshim
