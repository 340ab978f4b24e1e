#include "shim/cli/run/run.h"

#include <unistd.h>

#include <optional>

#include "shim/cli/command_line.h"
#include "shim/cli/complain.h"
#include "shim/cli/execute.h"
#include "shim/cli/print.h"
#include "shim/cli/run/launch.h"
#include "shim/cli/run/options.h"
#include "shim/cli/run/plan.h"

namespace seqshim {
namespace {

const Manual kManual = {
    "seqshim", "[run] -m PATTERN [options] [--] command args...",
    "Runs a command whose small sequential writes to the files that match a PATTERN are gathered\n"
    "and written past the page cache in large aligned pieces.",
    "PATTERN is a glob: '*.tar' is held against a file's name, '/backup/*' against its whole path\n"
    "(* crosses slashes), 'out/*.tar' against its end; a leading ! excludes, the last match wins,\n"
    "and a colon separates several. Quote it, or the shell expands it.\n"
    "\n"
    "Each option sets the variable SEQSHIM_* of its name for the command (-m: SEQSHIM_MATCH,\n"
    "--idle: SEQSHIM_IDLE_MS); without it one that is set already counts, and else the file's.\n"
    "Called by another name (ln -s seqshim tar), it runs that program as the variables say.\n"
    "\n"
    "Exit code: the command's; 125: seqshim itself failed; 126: the command can't be run, or\n"
    "seqshim can't reach it (statically linked, set-user-ID); 127: not found; 2: wrong usage.\n"
    "\n"
    "Other subcommands: compare, profile, doctor, report; see seqshim SUBCOMMAND --help."};

int start(Options& options, const Words& command) {
  const std::optional<Variables> variables = settle(options);
  if (!variables) return kWrongUsage;
  set_variables(*variables);
  Config config;
  if (!read_environment(config)) return kWrongUsage;
  // First, since it may have been meant to be a subcommand.
  if (const int exit_code = check_target(command)) return exit_code;
  if (!check_patterns(config)) return kWrongUsage;
  if (!set_preload()) return kOwnFailure;
  if (options.dry_run) return print(plan_of(environ, command));
  return launch(options, *variables, config, command[0], command);
}

}  // namespace

int run(const Words& words) {
  Options options;
  CommandLine line(kManual);
  add_options(line, options);
  if (const auto exit_code = line.parse(words)) return *exit_code;
  const Words command = line.take_command();
  return command.empty() ? kWrongUsage : start(options, command);
}

}  // namespace seqshim
