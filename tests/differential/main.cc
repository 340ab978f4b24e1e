// differential: the same random program with and without the shim must leave the same log and the
// same files. README.md in this directory says how to use it.
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/differential/actor.h"
#include "tests/differential/compare.h"
#include "tests/differential/draw.h"
#include "tests/differential/minimise.h"
#include "tests/differential/runner.h"
#include "tests/differential/turns.h"

namespace differential {
namespace {

constexpr const char* kGroupNames[kGroups] = {"mixed", "io",    "process-tree",
                                              "death", "stdio", "copy"};

// Seconds until a run counts as hanging; fewer while a hang is being minimised.
constexpr int kTimeout = 20;
constexpr int kMinimiseTimeout = 3;

struct Options {
  uint64_t seeds = 1000;
  uint64_t from = 1;
  int jobs = 2;
  std::string library;
  std::string directory = "differential.dir";
  Group group = kMixed;
  int most_failures = 5;
  int minimise_seconds = 60;
  std::string without;
  std::string replay;
  int64_t print = -1;
};

struct Progress {
  std::atomic<uint64_t> done;
  std::atomic<int> failures;
};

[[noreturn]] void usage() {
  std::cerr << "usage: differential [--seeds N] [--from K] [--jobs J] [--lib PATH] [--dir DIR]\n"
               "         [--group mixed|io|process-tree|death|stdio|copy] [--failures MAX]\n"
               "         [--minimise SECS]\n"
               "         [--without OPERATION,OPERATION...]\n"
               "       differential --replay FILE [--lib PATH] [--dir DIR]\n"
               "       differential --print SEED [--group GROUP]\n"
               "Without --lib, plain runs are compared with plain runs.\n";
  std::exit(2);
}

Group parse_group(const char* name) {
  for (int i = 0; i < kGroups; ++i) {
    if (std::strcmp(name, kGroupNames[i]) == 0) return static_cast<Group>(i);
  }
  usage();
}

Options parse_options(int argc, char** argv) {
  static constexpr option kLong[] = {
      {"seeds", 1, nullptr, 's'},    {"from", 1, nullptr, 'k'},    {"jobs", 1, nullptr, 'j'},
      {"lib", 1, nullptr, 'l'},      {"dir", 1, nullptr, 'd'},     {"group", 1, nullptr, 'g'},
      {"failures", 1, nullptr, 'f'}, {"replay", 1, nullptr, 'r'},  {"print", 1, nullptr, 'p'},
      {"minimise", 1, nullptr, 'm'}, {"without", 1, nullptr, 'w'}, {}};
  Options options;
  for (int key; (key = getopt_long(argc, argv, "", kLong, nullptr)) != -1;) {
    if (key == 's') options.seeds = std::stoull(optarg);
    if (key == 'k') options.from = std::stoull(optarg);
    if (key == 'j') options.jobs = std::max(1, std::stoi(optarg));
    if (key == 'l') options.library = optarg;
    if (key == 'd') options.directory = optarg;
    if (key == 'g') options.group = parse_group(optarg);
    if (key == 'f') options.most_failures = std::stoi(optarg);
    if (key == 'm') options.minimise_seconds = std::stoi(optarg);
    if (key == 'w') options.without = std::string(",") + optarg + ",";
    if (key == 'r') options.replay = optarg;
    if (key == 'p') options.print = std::stoll(optarg);
    if (key == '?') usage();
  }
  if (optind != argc) usage();
  if (options.print >= 0) return options;
  std::filesystem::create_directories(options.directory);
  options.directory = std::filesystem::canonical(options.directory);
  if (!options.library.empty()) options.library = std::filesystem::canonical(options.library);
  return options;
}

std::string compare_once(Runner& runner, const Script& script, const Settings& settings) {
  const Outcome plain = runner.run_plain(script);
  if (crashed(script, plain)) return runner.has_library() ? "" : "the plain run crashed or hung\n";
  return difference(script, plain, runner.run_shim(script, settings));
}

/// Two testers in one directory would delete each other's runs.
void lock_directory(const std::string& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
    throw std::runtime_error(directory + " is in use, or can't be opened");
  }
}

void save(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

/// Shrinks, stores and prints a difference; keeps the runs' directories, as the minimal sequence
/// left them, under the name `keep`.
void report(Runner& runner, const Options& options, uint64_t seed, const Script& script,
            const Settings& settings, const std::string& what, const std::string& keep) {
  const std::string base =
      options.directory + "/" + kGroupNames[options.group] + "-" + std::to_string(seed);
  const std::string header = "# seed " + std::to_string(seed) + " group " +
                             kGroupNames[options.group] + "\n" + print_settings(settings) + "\n";
  save(base + ".script", header + print_script(script, true));
  runner.set_timeout(kMinimiseTimeout);
  const auto differs = [&](const Script& s) { return !compare_once(runner, s, settings).empty(); };
  std::ostringstream text;
  text << "DIFFERENCE seed " << seed << " group " << kGroupNames[options.group] << "\n"
       << header << what;
  bool again = false;
  for (int tries = 0; tries < 5 && !again; ++tries) again = differs(script);
  if (again) {
    const Script minimal =
        minimise(script, differs, std::chrono::seconds(options.minimise_seconds));
    std::string now;
    for (int tries = 0; tries < 5 && now.empty(); ++tries) {
      now = compare_once(runner, minimal, settings);
    }
    save(base + ".minimal", header + print_script(minimal, true));
    text << "minimal replay (" << minimal.size() << " of " << script.size() << " lines):\n"
         << print_script(minimal, true) << now << "replay: differential --replay " << base
         << ".minimal --lib " << options.library << " --dir " << options.directory << "\n"
         << "directories: " << keep << "/p (plain) and s (shim)\n\n";
  } else {
    text << "not seen again in 5 runs; the sequence is in " << base << ".script\n\n";
  }
  runner.set_timeout(kTimeout);
  std::filesystem::rename(runner.directory(), keep);
  std::cout << text.str() << std::flush;
}

void work(const Options& options, int job, Progress& progress) {
  const std::string parent = options.directory + "/job" + std::to_string(job);
  std::filesystem::remove_all(parent);
  Runner runner(parent + "/run", options.library);
  for (uint64_t i = static_cast<uint64_t>(job); i < options.seeds;
       i += static_cast<uint64_t>(options.jobs)) {
    if (progress.failures.load() >= options.most_failures) break;
    const uint64_t seed = options.from + i;
    const Settings settings = draw_settings(seed);
    const Script script = Drawer(seed, options.group, settings, options.without).draw();
    const std::string what = compare_once(runner, script, settings);
    ++progress.done;
    if (what.empty()) continue;
    ++progress.failures;
    report(runner, options, seed, script, settings, what, parent + "/seed-" + std::to_string(seed));
  }
  std::filesystem::remove_all(runner.directory());
}

int run_all(const Options& options) {
  void* shared =
      mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Progress& progress = *new (shared) Progress{};
  const auto start = std::chrono::steady_clock::now();
  for (int job = 0; job < options.jobs; ++job) {
    if (fork() != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
      work(options, job, progress);
    } catch (const std::exception& error) {
      std::cerr << "differential: " << error.what() << std::endl;
      _exit(2);
    }
    _exit(0);
  }
  bool broken = false;
  for (int status; wait(&status) > 0;) broken |= status != 0;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%s: %lu sequences, %d different, %.1f s, %.0f per second\n",
              kGroupNames[options.group], static_cast<unsigned long>(progress.done.load()),
              progress.failures.load(), took.count(),
              static_cast<double>(progress.done.load()) / took.count());
  return broken ? 2 : progress.failures.load() > 0;
}

int replay(const Options& options) {
  std::ifstream file(options.replay);
  std::ostringstream text;
  text << file.rdbuf();
  const Settings settings = parse_settings(text.str());
  const Script script = parse_script(text.str());
  Runner runner(options.directory + "/replay", options.library);
  const Outcome plain = runner.run_plain(script);
  const Outcome shim = runner.run_shim(script, settings);
  const std::string what = difference(script, plain, shim);
  std::cout << print_settings(settings) << "\n"
            << print_script(script, true) << "\nplain log:\n"
            << plain.log << "\nshim log:\n"
            << shim.log << "\n"
            << (what.empty() ? "no difference\n" : what) << "directories: " << runner.directory()
            << "/p and s\n";
  return what.empty() ? 0 : 1;
}

int print(const Options& options) {
  const uint64_t seed = static_cast<uint64_t>(options.print);
  const Settings settings = draw_settings(seed);
  std::cout << print_settings(settings) << "\n"
            << print_script(Drawer(seed, options.group, settings, options.without).draw(), true);
  return 0;
}

}  // namespace

int driver_main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  if (options.print >= 0) return print(options);
  lock_directory(options.directory);
  return options.replay.empty() ? run_all(options) : replay(options);
}

}  // namespace differential

int main(int argc, char** argv) {
  try {
    if (argc > 1 && std::strcmp(argv[1], "--actor") == 0) {
      return differential::actor_main(argc, argv);
    }
    if (argc > 1 && std::strcmp(argv[1], "--turns") == 0) {
      return differential::turns_main(argc, argv);
    }
    return differential::driver_main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "differential: " << error.what() << "\n";
    return 2;
  }
}
