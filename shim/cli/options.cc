#include "shim/cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string_view>

#include "shim/cli/complain.h"
#include "shim/config/version.h"

namespace seqshim {
namespace {

constexpr char kDescription[] =
    "Runs a command whose small sequential writes to the files that match a PATTERN are gathered\n"
    "and written past the page cache in large aligned pieces.";

constexpr char kFooter[] =
    "PATTERN is a glob: '*.tar' is held against a file's name, '/backup/*' against its whole path\n"
    "(* crosses slashes), 'out/*.tar' against its end; a leading ! excludes, the last match wins,\n"
    "and a colon separates several. Quote it, or the shell expands it.\n"
    "\n"
    "Each option sets the variable SEQSHIM_* of its name for the command (-m: SEQSHIM_MATCH, "
    "--idle:\n"
    "SEQSHIM_IDLE_MS), and without the option a variable that is set already counts.\n"
    "\n"
    "Exit code: the command's; 125: seqshim itself failed; 126: the command can't be run, or\n"
    "seqshim can't reach it (statically linked, set-user-ID); 127: not found; 2: wrong usage.";

class HelpFormatter : public CLI::Formatter {
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: seqshim -m PATTERN [options] [--] command args...\n";
  }
};

// An option with one value; which of several counts is the last one, as people expect of aliases.
CLI::Option* add_value(CLI::App& app, const char* name, std::optional<std::string>& value,
                       const char* type, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name, [&value](const std::string& text) { value = text; }, help)
      ->type_name(type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void describe(CLI::App& app, Options& options) {
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer(kFooter);
  // From the first word that isn't an option on, everything belongs to the command.
  app.prefix_command();
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.set_version_flag("--version", fmt::format("seqshim {}", kVersion), "Print the version");
  app.add_option("-m,--match", options.patterns, "Files to manage; may be given again")
      ->option_text("PATTERN")
      ->allow_extra_args(false);
  app.add_option("-r,--read", options.read_patterns,
                 "Files to read without leaving them in the page cache; may be given again")
      ->option_text("PATTERN")
      ->allow_extra_args(false);
  add_value(app, "--cluster", options.cluster, "SIZE", "Piece size, a power of two [1M]");
  add_value(app, "--depth", options.depth, "N", "Pieces in flight per file, 1 to 16 [4]");
  add_value(app, "--memory", options.memory, "SIZE", "Memory for all files [64M]");
  add_value(app, "--engine", options.engine, "NAME", "auto, thread or sync [auto]");
  app.add_flag("--append", options.append, "Files opened to append have no other writer");
  add_value(app, "--guard", options.guard, "on|off", "Keep what a killed program wrote [on]");
  add_value(app, "--idle", options.idle_ms, "MS", "Write what has rested so long, 0: never [1000]");
  add_value(app, "--rate", options.rate, "SIZE", "Bytes a second to write at most [no limit]");
  // A flag, not an option: its value must follow an equals sign, or the command would be taken.
  app.add_flag("--report{stderr}", options.report,
               "Print what was done at the end, or write it to FILE\n"
               "(one JSON object per process if it ends in .json)")
      ->option_text("or --report=FILE");
  add_value(app, "--log", options.log, "FILE", "Append a line for each rare event");
}

// CLI11 leaves everything it doesn't know, the "--" included.
bool take_command(std::vector<std::string> rest, Options& options) {
  if (!rest.empty() && rest[0] == "--") {
    rest.erase(rest.begin());
  } else if (!rest.empty() && rest[0].size() > 1 && rest[0][0] == '-') {
    complain(fmt::format("there is no option {}; see seqshim --help", rest[0]));
    return false;
  }
  if (rest.empty()) {
    complain("no command to run; usage: seqshim -m PATTERN [options] command args...");
    return false;
  }
  options.command = std::move(rest);
  return true;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv, int& exit_code) {
  // `seqshim run ...` is the same as `seqshim ...`.
  const bool run = argc > 1 && argv[1] == std::string_view("run");
  Options options;
  CLI::App app(kDescription, "seqshim");
  describe(app, options);
  try {
    // The last argument first, as CLI11 wants it.
    std::vector<std::string> words(argv + std::min(argc, run ? 2 : 1), argv + argc);
    std::reverse(words.begin(), words.end());
    app.parse(words);
  } catch (const CLI::Success& success) {
    exit_code = app.exit(success);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    complain(fmt::format("{}; see seqshim --help", error.what()));
    exit_code = kWrongUsage;
    return std::nullopt;
  }
  if (!take_command(app.remaining(), options)) {
    exit_code = kWrongUsage;
    return std::nullopt;
  }
  return options;
}

}  // namespace seqshim
