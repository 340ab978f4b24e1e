#include "shim/cli/doctor/doctor.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "shim/cli/command_line.h"
#include "shim/cli/complain.h"
#include "shim/cli/doctor/command/judge_command.h"
#include "shim/cli/doctor/machine/machine_facts.h"
#include "shim/cli/doctor/path/judge_path.h"
#include "shim/cli/doctor/render.h"
#include "shim/cli/execute.h"
#include "shim/cli/print.h"
#include "shim/cli/settings.h"
#include "shim/cli/target/target.h"

namespace seqshim {
namespace {

const Manual kManual = {
    "seqshim doctor", "[options] PATH  |  seqshim doctor [options] -- command args...",
    "Says what would happen to a file at PATH (to any file, if it is a directory), or whether a\n"
    "command's writes would be seen, with the reasons and what to do. The command isn't run.",
    "Of a PATH it is tried: a temporary file is made in its directory, written as the shim would\n"
    "write it, looked for in the page cache, and is gone again; a file that is there isn't "
    "opened.\n"
    "SEQSHIM_* count as they would for a program. Files that stay below SEQSHIM_DIRECT_MIN (256K)\n"
    "go through the page cache in any case.\n"
    "\n"
    "Each line: ok, note or problem; what it is about; what is so, and what it means; after an\n"
    "arrow, what to do. The last line is the answer.\n"
    "\n"
    "Exit code: 0: a file would be written direct, or the command can be reached; 1: it wouldn't\n"
    "be, or that couldn't be tried; 126, 127: the command can't be run or reached, or isn't "
    "there;\n"
    "2: wrong usage; 125: seqshim itself failed."};

struct Options {
  std::vector<std::string> patterns;
  bool json = false;
  std::string path;
};

bool wants_colour() {
  const char* const without = getenv("NO_COLOR");
  const char* const terminal = getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && (without == nullptr || *without == '\0') &&
         terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

/// The diagnosis' exit code, or that of a failure to tell it.
int tell(const Diagnosis& diagnosis, bool json) {
  const int failure = print(json ? json_of(diagnosis) : text_of(diagnosis, wants_colour()));
  return failure != 0 ? failure : diagnosis.exit_code;
}

int examine_path_with(const Options& options) {
  Settings settings;
  settings.patterns = options.patterns;
  set_variables(variables_of(settings));
  Config config;
  ConfigError error;
  if (!parse_config(environ, config, error)) {
    std::fputs(error.text, stderr);
    return kWrongUsage;
  }
  // A limit on the size of files is to be an error of ours, not our end.
  signal(SIGXFSZ, SIG_IGN);
  const char* const patterns = getenv("SEQSHIM_MATCH");
  const MachineFacts machine = examine_machine(config);
  PathFacts path = examine_path(options.path, patterns != nullptr ? patterns : "", config);
  path.may_be_command = path.place.kind == Place::Kind::kNothing &&
                        options.path.find('/') == options.path.npos &&
                        find_target(options.path, search_path()).exit_code != kNotFound;
  return tell(diagnose_path(path, machine), options.json);
}

int wrong(const std::string& why) {
  complain(fmt::format("{}; see seqshim doctor --help", why));
  return kWrongUsage;
}

}  // namespace

int doctor(const Words& words) {
  Options options;
  std::vector<std::string> rest;
  CommandLine line(kManual);
  line.add_list("-m,--match", options.patterns, "PATTERN",
                "Also say whether PATH matches; may be given again");
  line.add_flag("--json", options.json, "Print one JSON object");
  line.add_positionals("PATH", rest, "A file that is there or will be, or a directory");
  const auto split = std::find(words.begin(), words.end(), "--");
  if (const auto exit_code = line.parse({words.begin(), split})) return *exit_code;
  if (split == words.end()) {
    if (rest.size() != 1)
      return wrong(rest.empty() ? "no PATH, and no command after --" : "more than one PATH");
    options.path = rest[0];
    return examine_path_with(options);
  }
  const Words command(split + 1, words.end());
  if (!rest.empty()) return wrong("either a PATH or, after --, a command");
  if (!options.patterns.empty()) return wrong("-m is about a PATH, not about a command");
  if (command.empty()) return wrong("no command after --");
  return tell(diagnose_command(examine_command(command)), options.json);
}

}  // namespace seqshim
