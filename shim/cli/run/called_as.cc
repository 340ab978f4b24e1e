#include "shim/cli/run/called_as.h"

#include <fmt/format.h>

#include <optional>

#include "shim/cli/complain.h"
#include "shim/cli/execute.h"
#include "shim/cli/run/launch.h"
#include "shim/cli/run/options.h"
#include "shim/cli/target/target.h"

namespace seqshim {
namespace {

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Whether a preloaded library would be in the program, perhaps after a line on standard error. One
// that can't be run at all will tell that itself.
bool is_reachable(const std::string& file) {
  const Target target = find_target(file, "");
  const std::string& line = target.exit_code == kCannotRun ? target.problem : target.warning;
  if (!line.empty()) complain(line);
  return target.exit_code == 0;
}

// Puts all that is asked for into the environment. Nothing: seqshim has no part in this.
std::optional<Variables> set_environment(const std::string& file, Options& options,
                                         Config& config) {
  std::optional<Variables> variables = settle(options);
  if (!variables) return std::nullopt;
  set_variables(*variables);
  if (!read_environment(config) || !has_patterns(config)) return std::nullopt;
  if (!is_reachable(file) || !set_preload()) return std::nullopt;
  return variables;
}

}  // namespace

bool is_another_program(std::string_view invoked) {
  const std::string_view name = last_part(invoked);
  return !name.empty() && !name.starts_with("seqshim");
}

int run_called_as(const std::string& invoked, const Words& arguments) {
  const std::string name(last_part(invoked));
  const std::string file = find_another(name, search_path());
  if (file.empty()) {
    complain(fmt::format("can't run {}: along PATH there is no other one than this", name));
    return kNotFound;
  }
  // The name that programs call themselves by in what they print.
  Words words = {invoked == name ? name : file};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Options options;
  Config config;
  const std::optional<Variables> variables = set_environment(file, options, config);
  return variables ? launch(options, *variables, config, file, words) : execute(file, words);
}

}  // namespace seqshim
