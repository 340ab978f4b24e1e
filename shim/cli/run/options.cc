#include "shim/cli/run/options.h"

#include <cstdlib>

#include "shim/cli/command_line.h"
#include "shim/cli/config_file.h"

namespace seqshim {
namespace {

bool is_set(const char* variable) {
  const char* const value = getenv(variable);
  return value != nullptr && *value != '\0';
}

std::optional<std::string> file_of(const Options& options) {
  if (options.config || !is_set("SEQSHIM_CONFIG")) return options.config;
  return getenv("SEQSHIM_CONFIG");
}

/// The same options, as a file has them.
bool read_file(const std::string& path, Options& options) {
  CommandLine keys;
  add_options(keys, options);
  if (!read_config_file(keys, path)) return false;
  if (options.settings.report == "true") options.settings.report = "stderr";
  return check_variables(variables_of(options.settings), path);
}

}  // namespace

void add_options(CommandLine& line, Options& options) {
  add_settings(line, options.settings);
  line.add_optional_value("--report", options.settings.report, "stderr", "FILE",
                          "Print at the end what was done, or write it to FILE (*.json: as JSON)");
  line.add_value("--log", options.settings.log, "FILE", "Append a line for each rare event");
  line.add_value("--config", options.config, "FILE",
                 "Take options from FILE, like cluster = \"1M\"");
  line.keep_out_of_files("--config");
  line.add_flag("--progress", options.progress, "Show on the terminal what is being written");
  line.add_flag("-v,--verbose", options.verbose,
                "Say in one line at the end what was written, and how");
  line.add_flag("--dry-run", options.dry_run, "Print what would be run, in which environment");
  line.keep_out_of_files("--dry-run");
}

std::optional<Variables> settle(Options& options) {
  Variables variables;
  if (const auto path = file_of(options)) {
    Options more;
    if (!read_file(*path, more)) return std::nullopt;
    for (auto& variable : variables_of(more.settings))
      if (!is_set(variable.first.c_str())) variables.push_back(std::move(variable));
    options.progress = options.progress || more.progress;
    options.verbose = options.verbose || more.verbose;
  }
  for (auto& variable : variables_of(options.settings)) variables.push_back(std::move(variable));
  return variables;
}

}  // namespace seqshim
