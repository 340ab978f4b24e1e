// What the shim is told to do, for the subcommands that run a program with it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shim/config/config.h"

namespace seqshim {

class CommandLine;

/// As text: the values are checked where the shim itself checks them, by parse_config().
struct Settings {
  std::vector<std::string> patterns, read_patterns;
  std::optional<std::string> cluster, depth, memory, engine, guard, idle_ms, rate, report, log;
  bool append = false, sync = false;
};

/// Adds an option for each of them.
void add_settings(CommandLine& line, Settings& settings);

/// Variables of the environment, in the order in which they are set.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// What the options that were given stand for: SEQSHIM_*. The others aren't mentioned.
Variables variables_of(const Settings& settings);

/// Puts them into this process's environment.
void set_variables(const Variables& variables);

/// Judges `variables`, and nothing else, as the shim will; false after one line on standard error
/// that names their `source`.
bool check_variables(const Variables& variables, const std::string& source);

/// Reads the environment as the shim will, before anything runs; false after one line on standard
/// error. Paths in it become absolute, since programs further down may start elsewhere.
bool read_environment(Config& config);
/// Whether there is anything for the shim to do.
inline bool has_patterns(const Config& config) {
  return !config.match.empty() || !config.read.empty();
}
/// The same, after one line on standard error if not.
bool check_patterns(const Config& config);

}  // namespace seqshim
