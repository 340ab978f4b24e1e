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
  CLI::App app;
  add_options(app, options);
  if (!read_config_file(app, path)) return false;
  if (options.settings.report == "true") options.settings.report = "stderr";
  return check_variables(variables_of(options.settings), path);
}

}  // namespace

void add_options(CLI::App& app, Options& options) {
  add_settings(app, options.settings);
  // A flag, not an option: its value must follow an equals sign, or the command would be taken.
  app.add_flag("--report{stderr}", options.settings.report,
               "Print at the end what was done, or write it to FILE (*.json: as JSON)")
      ->option_text("[=FILE]");
  add_value(app, "--log", options.settings.log, "FILE", "Append a line for each rare event");
  add_value(app, "--config", options.config, "FILE",
            "Take options from FILE, like cluster = \"1M\"")
      ->configurable(false);
  app.add_flag("--progress", options.progress, "Show on the terminal what is being written");
  app.add_flag("-v,--verbose", options.verbose,
               "Say in one line at the end what was written, and how");
  app.add_flag("--dry-run", options.dry_run, "Print what would be run, in which environment")
      ->configurable(false);
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
