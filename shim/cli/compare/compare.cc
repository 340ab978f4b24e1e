#include "shim/cli/compare/compare.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "shim/cli/command_line.h"
#include "shim/cli/compare/check.h"
#include "shim/cli/compare/comparison.h"
#include "shim/cli/compare/evidence.h"
#include "shim/cli/compare/measurement.h"
#include "shim/cli/compare/metrics.h"
#include "shim/cli/compare/plan.h"
#include "shim/cli/compare/plot.h"
#include "shim/cli/compare/process_tree.h"
#include "shim/cli/compare/progress.h"
#include "shim/cli/compare/result_file.h"
#include "shim/cli/compare/scratch_directory.h"
#include "shim/cli/compare/table.h"
#include "shim/cli/complain.h"
#include "shim/cli/execute.h"
#include "shim/cli/preload.h"
#include "shim/cli/print.h"
#include "shim/cli/run/signals.h"
#include "shim/cli/settings.h"

namespace seqshim {
namespace {

const Manual kManual = {
    "seqshim compare", "[-n ROUNDS] [options] [--] command args...",
    "Runs a command plain and with seqshim, in turns, and tells what that gains.",
    "One plain run gives two columns: until the command has ended, and until what it wrote is on\n"
    "the disk, by a sync of the file systems that its output files are on. Those are known from\n"
    "seqshim's report, and dropped from the page cache before each run. CPU is that of the\n"
    "command's processes and of the sync, without the kernel's threads that write files back.\n"
    "Without -m all files are managed. The command reads /dev/null, and its output is lost.\n"
    "\n"
    "  seqshim compare -p 'rm -f /backup/home.tar' -- tar cf /backup/home.tar /home\n"
    "  seqshim compare --plot gain.svg -- sh -c 'pg_dump app | zstd > app.zst'\n"
    "\n"
    "Exit code: 0; the command's, if it fails; 125: seqshim itself failed; 126, 127, 2: as in\n"
    "seqshim --help."};

void add_options(CommandLine& line, Plan& plan) {
  line.add_number("-n,--rounds", plan.rounds, 1, 1000, "Runs of each kind [3]");
  line.add_number("-w,--warmup", plan.warmup, 0, 1000,
                  "Rounds before those, which don't count [0]");
  line.add_value("-p,--prepare", plan.prepare, "CMD", "Run by sh before each run, as 'rm -f out'");
  line.add_value("--input", plan.input, "FILE", "What the command reads on standard input");
  line.add_value("--output", plan.output, "FILE", "What its standard output goes to, made anew");
  line.add_flag("--show-output", plan.show_output, "Let it write to the terminal");
  line.add_flag("-i,--ignore-failure", plan.ignore_failure, "Go on when it fails");
  line.add_switch("--check", plan.check, true,
                  "Compare what was written, of however many files [up to 100]");
  line.add_switch("--no-check", plan.check, false, "Don't compare it");
  line.add_value("--json", plan.json, "FILE", "Write all that was measured, run by run");
  line.add_value("--plot", plan.plot, "FILE", "Draw it, as .svg or .png, by gnuplot");
}

/// Nothing that is opened later may have the number of a standard stream. Using one that was closed
/// fails all the same.
void keep_standard_numbers() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    const int opened = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened >= 0 && opened != fd) close(opened);
  }
}

/// What can fail at the end is found out at the beginning.
void check_writable(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path file(path);
  const fs::path place = fs::exists(file) ? file : fs::absolute(file).parent_path();
  if (fs::is_directory(file)) {
    errno = EISDIR;
  } else if (access(place.c_str(), W_OK) == 0) {
    return;
  }
  throw Failure(fmt::format("can't write {}: {}", path, std::strerror(errno)), kOwnFailure);
}

void check_plan(const Plan& plan) {
  if (plan.show_output && plan.output)
    throw Failure("--show-output and --output: it can't go to both", kWrongUsage);
  if (plan.plot) check_plot(*plan.plot);
  for (const auto& path : {plan.json, plan.plot})
    if (path) check_writable(*path);
  if (plan.input && access(plan.input->c_str(), R_OK) != 0)
    throw Failure(fmt::format("can't open {}: {}", *plan.input, std::strerror(errno)), kOwnFailure);
}

/// Whether the contents are worth reading after a run.
bool is_checked(const Plan& plan, const OutputFiles& outputs) {
  constexpr size_t kFew = 100;
  return plan.check.value_or(outputs.count() <= kFew);
}

/// Others take part in every sync, and in the CPU.
std::vector<std::string> notes_on_machine() {
  double load = 0;
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (getloadavg(&load, 1) != 1 || load <= static_cast<double>(processors)) return {};
  return {fmt::format("the machine was busy at the beginning (load {:.1f}, {} CPUs)", load,
                      processors)};
}

std::vector<std::string> notes_on_report(const std::vector<ProcessReport>& report) {
  uint64_t unlisted = 0;
  for (const ProcessReport& process : report) unlisted += process.files_unlisted;
  if (unlisted == 0) return {};
  return {
      fmt::format("{} files aren't listed in seqshim's report, and weren't looked at", unlisted)};
}

Comparison run_all(const Plan& plan, const Shim& shim, ProcessTree& processes) {
  Comparison comparison{.command = plan.command,
                        .rounds = plan.rounds,
                        .warmup = plan.warmup,
                        .shim = {},
                        .runs = {},
                        .report = {},
                        .notes = notes_on_machine(),
                        .verdict = {}};
  Measurement measurement(plan, shim, processes);
  Check check;
  Progress progress(plan);
  bool shimmed_first = true;
  for (int round = 1 - plan.warmup; round <= plan.rounds; ++round, shimmed_first = !shimmed_first) {
    for (const bool first : {true, false}) {
      const Way way = first == shimmed_first ? Way::kSeqshim : Way::kPlain;
      progress.show(round, way);
      const RunResult result = measurement.run(round, way);
      if (round < 1) continue;
      comparison.runs.push_back(result);
      if (is_checked(plan, measurement.outputs()) && check.wants(way))
        check.note(way, measurement.outputs().contents([&] { processes.look_for_signals(); }));
    }
  }
  comparison.report = measurement.report();
  for (const auto& notes : {notes_on_report(comparison.report), check.notes()})
    comparison.notes.insert(comparison.notes.end(), notes.begin(), notes.end());
  comparison.verdict = verdict(evidence_of(comparison.runs, comparison.report));
  return comparison;
}

std::string shown(const Comparison& comparison) {
  std::string text = fmt::format("{}\n\n{}", command_text(comparison.command),
                                 table_of(lines_of(comparison.runs)));
  text += fmt::format("\n({})\n", about_values(comparison.rounds));
  for (const std::string& note : comparison.notes) text += fmt::format("Note: {}.\n", note);
  return text + fmt::format("\n{}.\n", comparison.verdict);
}

void save(const std::string& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file)
    throw Failure(fmt::format("can't write {}: {}", path, std::strerror(errno)), kOwnFailure);
}

/// SEQSHIM_* of this process, which the shimmed runs are given.
Variables shim_variables() {
  Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (text.starts_with("SEQSHIM_") && equals != text.npos)
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

int carry_out(const Plan& plan, const std::string& preload) {
  ProcessTree processes;
  const ScratchDirectory scratch;
  const Shim shim{preload, scratch.path() + "/report.json"};
  Comparison comparison = run_all(plan, shim, processes);
  comparison.shim = shim_variables();
  if (plan.json) save(*plan.json, json_of(comparison));
  if (plan.plot) plot(comparison, *plan.plot, scratch.path(), processes);
  return print(shown(comparison));
}

int launch(const Plan& plan, const Settings& settings) {
  set_variables(variables_of(settings));
  const char* const patterns = getenv("SEQSHIM_MATCH");
  if (patterns == nullptr || *patterns == '\0') setenv("SEQSHIM_MATCH", "*", 1);
  unsetenv("SEQSHIM_REPORT");
  Config config;
  if (!read_environment(config) || !check_patterns(config)) return kWrongUsage;
  try {
    check_plan(plan);
    if (const int exit_code = check_target(plan.command)) return exit_code;
    const auto preload = preload_with("libseqshim.so");
    return preload ? carry_out(plan, *preload) : kOwnFailure;
  } catch (const Failure& failure) {
    complain(failure.what());
    return failure.exit_code;
  } catch (const Interrupted& interrupted) {
    return die_by(interrupted.signal);
  }
}

}  // namespace

int compare(const Words& words) {
  keep_standard_numbers();
  Settings settings;
  Plan plan;
  CommandLine line(kManual);
  add_options(line, plan);
  add_settings(line, settings);
  if (const auto exit_code = line.parse(words)) return *exit_code;
  plan.command = line.take_command();
  return plan.command.empty() ? kWrongUsage : launch(plan, settings);
}

}  // namespace seqshim
