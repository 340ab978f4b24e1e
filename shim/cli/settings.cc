#include "shim/cli/settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "shim/cli/command_line.h"
#include "shim/cli/complain.h"
#include "shim/cli/words.h"

namespace seqshim {
void add_settings(CommandLine& line, Settings& settings) {
  line.add_list("-m,--match", settings.patterns, "PATTERN", "Files to manage; may be given again");
  line.add_list("-r,--read", settings.read_patterns, "PATTERN",
                "Files that reading leaves out of the page cache; may be given again");
  line.add_value("--cluster", settings.cluster, "SIZE", "Piece size, a power of two [1M]");
  line.add_value("--depth", settings.depth, "N", "Pieces in flight per file, 1 to 16 [4]");
  line.add_value("--memory", settings.memory, "SIZE", "Memory for all files [64M]");
  line.add_value("--engine", settings.engine, "NAME", "auto, thread or sync [auto]");
  line.add_flag("--append", settings.append, "Files opened to append have no other writer");
  line.add_value("--guard", settings.guard, "on|off", "Keep what a killed program wrote [on]");
  line.add_value("--idle", settings.idle_ms, "MS",
                 "Write what has rested so long, 0: never [1000]");
  line.add_value("--rate", settings.rate, "SIZE", "Bytes a second to write at most [no limit]");
  line.add_flag("--sync", settings.sync, "A close returns once the file is on its disk");
}

Variables variables_of(const Settings& settings) {
  Variables variables;
  const auto add = [&variables](const char* name, const std::optional<std::string>& value) {
    if (value) variables.emplace_back(name, *value);
  };
  if (!settings.patterns.empty()) add("SEQSHIM_MATCH", joined(settings.patterns, ':'));
  if (!settings.read_patterns.empty()) add("SEQSHIM_READ", joined(settings.read_patterns, ':'));
  if (settings.append) add("SEQSHIM_APPEND", "1");
  if (settings.sync) add("SEQSHIM_SYNC", "1");
  add("SEQSHIM_CLUSTER", settings.cluster);
  add("SEQSHIM_DEPTH", settings.depth);
  add("SEQSHIM_MEMORY", settings.memory);
  add("SEQSHIM_ENGINE", settings.engine);
  add("SEQSHIM_GUARD", settings.guard);
  add("SEQSHIM_IDLE_MS", settings.idle_ms);
  add("SEQSHIM_RATE", settings.rate);
  add("SEQSHIM_REPORT", settings.report);
  add("SEQSHIM_LOG", settings.log);
  return variables;
}

void set_variables(const Variables& variables) {
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
}

bool check_variables(const Variables& variables, const std::string& source) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : variables) entries.push_back(fmt::format("{}={}", name, value));
  std::vector<const char*> environment;
  environment.reserve(entries.size() + 1);
  for (const std::string& entry : entries) environment.push_back(entry.c_str());
  environment.push_back(nullptr);
  Config config;
  ConfigError error;
  if (parse_config(environment.data(), config, error)) return true;
  std::string_view line = error.text;
  line.remove_prefix(line.find(' ') + 1);  // our name
  complain(fmt::format("{}: {}", source, line.substr(0, line.find('\n'))));
  return false;
}

bool read_environment(Config& config) {
  ConfigError error;
  if (!parse_config(environ, config, error)) {
    std::fputs(error.text, stderr);
    return false;
  }
  if (config.report_path != nullptr) setenv("SEQSHIM_REPORT", config.report_path, 1);
  if (config.log_path != nullptr) setenv("SEQSHIM_LOG", config.log_path, 1);
  return true;
}

bool check_patterns(const Config& config) {
  if (has_patterns(config)) return true;
  complain("no files to manage: give -m PATTERN, like -m '*.tar', or set SEQSHIM_MATCH");
  return false;
}

}  // namespace seqshim
