#include "shim/cli/profile/profile.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "shim/cli/command_line.h"
#include "shim/cli/complain.h"
#include "shim/cli/execute.h"
#include "shim/cli/preload.h"
#include "shim/cli/profile/call_sites.h"
#include "shim/cli/profile/json.h"
#include "shim/cli/profile/memory.h"
#include "shim/cli/profile/output.h"
#include "shim/cli/profile/symbols.h"
#include "shim/cli/profile/text.h"
#include "shim/cli/run/onlooker.h"
#include "shim/cli/run/parent.h"
#include "shim/cli/run/signals.h"

namespace seqshim {
namespace {

using namespace profiling;

const Manual kManual = {
    "seqshim profile", "[options] [--] command args...",
    "Runs a command as it is, and tells how it and its children write: for each file sizes,\n"
    "alignment, order, rewrites, holes, syncs and time, and where in the program the calls come\n"
    "from.",
    "PATTERN is as in seqshim --help. Without one all regular files are watched but those in "
    "/proc,\n"
    "/sys and /dev (/dev/shm is).\n"
    "\n"
    "Call sites are looked at in a random sample of the calls, by default as many as cost 2 to 4 "
    "%\n"
    "of the run's time; what is told of them is estimated from that. All else is counted. That\n"
    "costs some 0.4 us a call, 0.8 us if it isn't in order.\n"
    "\n"
    "Not seen: what is written through a mapping, by POSIX AIO or io_uring; what is executed as\n"
    "another user or in another PID namespace; statically linked and set-user-ID programs.\n"
    "\n"
    "Exit code: the command's; 125: seqshim itself failed; 126: the command can't be run, or\n"
    "seqshim can't reach it (statically linked, set-user-ID); 127: not found; 2: wrong usage."};

constexpr char kEveryFile[] = R"(*:!/proc/*:!/sys/*:!/dev/*:/dev/shm/*:!/memfd\:*)";

struct Options {
  std::vector<std::string> patterns;
  std::optional<std::string> output, json, folded, by, every, top;
};

void add_options(CommandLine& line, Options& options) {
  line.add_list("-m,--match", options.patterns, "PATTERN",
                "Files to watch; may be given again [all]");
  line.add_value("-o,--output", options.output, "FILE", "Write there, not to standard error");
  line.add_value("--json", options.json, "FILE", "Write all that is known, as JSON");
  line.add_value("--folded", options.folded, "FILE", "Write stacks for flame graphs");
  line.add_value("--by", options.by, "WHAT",
                 "bytes, calls or time: what sites are ranked by and\n"
                 "stacks weigh [bytes]");
  line.add_value("--every", options.every, "N", "Look at the site of one call in N, 1: of each");
  line.add_value("--top", options.top, "N", "List so many files and sites [10]");
}

bool read_number(const char* option, const std::optional<std::string>& text, uint32_t& number) {
  constexpr uint32_t kMost = 1'000'000'000;
  if (!text) return true;
  const char* const end = text->data() + text->size();
  const auto [behind, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc() && behind == end && number > 0 && number <= kMost) return true;
  complain(fmt::format("{}={}: must be a number from 1 to {}", option, *text, kMost));
  return false;
}

/// What is made of the profile, and where it goes.
struct Report {
  Words command;
  By by = By::kBytes;
  uint32_t top = 10;
  Output text, json, folded;

  bool open(const Options& options) {
    return (!options.output || text.open(*options.output)) &&
           (!options.json || json.open(*options.json)) &&
           (!options.folded || folded.open(*options.folded));
  }
  std::vector<int> descriptors() const {
    std::vector<int> all = {STDERR_FILENO};
    for (const Output* output : {&text, &json, &folded})
      if (output->is_open()) all.push_back(output->fd());
    return all;
  }
  /// 0, or kOwnFailure after a line on standard error.
  int write(const Memory& memory) const {
    const Profile profile = collect(memory);
    Symbols symbols;
    const std::string page = text_of(profile, joined(command, ' '), symbols, by, top);
    bool good = true;
    if (text.is_open())
      good = text.write(page);
    else
      write_to_standard_error(page);
    if (json.is_open()) good = json.write(json_of(profile, command, symbols)) && good;
    if (folded.is_open()) good = folded.write(profiling::folded(profile, symbols, by)) && good;
    return good ? 0 : kOwnFailure;
  }
};

/// Waits, and reports.
class Watch final : public Onlooker {
 public:
  Watch(const Report& report, const Memory& memory) : report_(report), memory_(memory) {}

  std::vector<int> descriptors() const override {
    std::vector<int> all = report_.descriptors();
    all.push_back(memory_.fd());
    return all;
  }
  bool is_curious() const override { return false; }
  void look() override {}
  void resized() override {}
  void step_aside() override {}
  int finish() override {
    // Names are looked up for a while: who doesn't want to wait may end it.
    take_signals_again();
    return report_.write(memory_);
  }

 private:
  const Report& report_;
  const Memory& memory_;
};

int run_watched(const Report& report, const Memory& memory) {
  const auto preload = preload_with("libseqshim-profile.so");
  if (!preload) return kOwnFailure;
  setenv("LD_PRELOAD", preload->c_str(), 1);
  setenv(kVariable, memory.path().c_str(), 1);
  Watch watch(report, memory);
  return stay_as_parent([&] { return execute(report.command); }, &watch);
}

}  // namespace

int profile(const Words& words) {
  Options options;
  CommandLine line(kManual);
  add_options(line, options);
  if (const auto exit_code = line.parse(words)) return *exit_code;
  Report report;
  report.command = line.take_command();
  if (report.command.empty()) return kWrongUsage;
  uint32_t every = 0;
  if (!read_number("--every", options.every, every) ||
      !read_number("--top", options.top, report.top))
    return kWrongUsage;
  const auto by = measure_named(options.by.value_or("bytes"));
  if (!by) {
    complain(fmt::format("--by={}: must be bytes, calls or time", *options.by));
    return kWrongUsage;
  }
  report.by = *by;
  if (const int exit_code = check_target(report.command)) return exit_code;
  if (!report.open(options)) return kOwnFailure;
  const Memory memory(options.patterns.empty() ? kEveryFile : joined(options.patterns, ':'), every);
  return run_watched(report, memory);
}

}  // namespace seqshim
