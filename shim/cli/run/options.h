// What a run is asked for: on its command line, in a file, in the environment.
#pragma once

#include <optional>
#include <string>

#include "shim/cli/settings.h"

namespace seqshim {

struct Options {
  Settings settings;
  std::optional<std::string> config;  // a file with more of them
  bool progress = false;              // shows on the terminal what is being written
  bool verbose = false;               // says at the end what was written
  bool dry_run = false;
};

/// Adds an option for each.
void add_options(CommandLine& line, Options& options);

/// The variables to set: what `options` say, and what their file says, or else the one that
/// SEQSHIM_CONFIG names, where neither they nor the environment say anything. What the file says
/// beyond that, `options` get. Nothing, after one line on standard error, if the file is no good.
std::optional<Variables> settle(Options& options);

}  // namespace seqshim
