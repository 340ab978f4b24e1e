// What the command lines of all subcommands have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "shim/cli/words.h"

namespace seqshim {

/// What --help says of a subcommand around the list of its options.
struct Manual {
  std::string name;         // "seqshim compare"; errors point to its --help
  std::string usage;        // what follows the name in the first line
  std::string description;  // a sentence or two
  std::string footer;       // whatever else one has to know; may be empty
};

/// An application that takes options up to the first word that is none.
std::unique_ptr<CLI::App> make_app(const Manual& manual);

/// An option with one value; of several the last one counts, as people expect of aliases.
CLI::Option* add_value(CLI::App& app, const char* name, std::optional<std::string>& value,
                       const char* type, const std::string& help);

/// Reads the options. An exit code, if there is nothing more to do: that of print() after --help
/// and
/// --version, 2 after one line on standard error about wrong usage.
std::optional<int> parse(CLI::App& app, const Words& words);

/// The command that followed the options, whatever it looks like. Empty, after one line on standard
/// error, if there is none, or an unknown option.
Words take_command(const CLI::App& app);

}  // namespace seqshim
