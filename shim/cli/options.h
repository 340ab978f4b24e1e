// The command line of `seqshim`.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace seqshim {

/// What was asked for, as text: the values are checked where the shim itself checks them, by
/// parse_config().
struct Options {
  std::vector<std::string> patterns, read_patterns;
  std::optional<std::string> cluster, depth, memory, engine, guard, idle_ms, rate, report, log;
  bool append = false;
  std::vector<std::string> command;
};

/// Reads the options up to the first word that is none; all the rest is the command, whatever it
/// looks like. Returns nothing if there is an exit code to leave with instead: after --help and
/// --version (0), or after a line on standard error about wrong usage (2).
std::optional<Options> parse_options(int argc, char** argv, int& exit_code);

}  // namespace seqshim
