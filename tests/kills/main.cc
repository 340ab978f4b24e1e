// kills: writers that are killed at random instants must leave every byte that was accepted.
// README.md in this directory says how to use it.
#include <getopt.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "tests/kills/case.h"
#include "tests/kills/writer.h"

namespace kills {
namespace {

constexpr size_t kKinds = static_cast<size_t>(Kind::kKinds);
constexpr uint64_t kMostTimes = 4096;

struct Options {
  uint64_t seeds = std::getenv("SEQSHIM_LONG") != nullptr ? 1000 : 25;
  uint64_t from = 1;
  int jobs = 2;
  int most_violations = 10;
  Kind kind = Kind::kKinds;  // all
  Way way = Way::kWays;      // all
  std::string directory = "kills.dir";
  Surroundings surroundings;
  bool must_lose = false;
};

/// Of one kind; the jobs share it.
struct Tally {
  std::atomic<uint64_t> cases, accepted, lost, violations, most_lost, unguarded, gaps;
  std::atomic<uint64_t> recoveries, rests;
  uint32_t recovery[kMostTimes], rested[kMostTimes];
};
struct Tallies {
  Tally of[kKinds];
  std::atomic<int> violations;
};

[[noreturn]] void usage() {
  std::cerr << "usage: kills [--seeds N] [--from SEED] [--kind KIND] [--way WAY] [--jobs J]\n"
               "             [--lib PATH] [--dir DIR] [--guard on|off] [--violations MOST]\n"
               "             [--must-lose]\n"
               "kinds:";
  for (size_t i = 0; i < kKinds; ++i) std::cerr << " " << name_of(static_cast<Kind>(i));
  std::cerr << "\nways:";
  for (size_t i = 0; i < static_cast<size_t>(Way::kWays); ++i)
    std::cerr << " " << name_of(static_cast<Way>(i));
  std::cerr << "\n";
  std::exit(2);
}

template <class Named>
Named named(const char* name, Named end) {
  for (int i = 0; i < static_cast<int>(end); ++i)
    if (std::strcmp(name, name_of(static_cast<Named>(i))) == 0) return static_cast<Named>(i);
  usage();
}

Options parse_options(int argc, char** argv) {
  static constexpr option kLong[] = {{"seeds", 1, nullptr, 's'},
                                     {"from", 1, nullptr, 'f'},
                                     {"kind", 1, nullptr, 'k'},
                                     {"way", 1, nullptr, 'w'},
                                     {"jobs", 1, nullptr, 'j'},
                                     {"lib", 1, nullptr, 'l'},
                                     {"dir", 1, nullptr, 'd'},
                                     {"guard", 1, nullptr, 'g'},
                                     {"must-lose", 0, nullptr, 'm'},
                                     {"violations", 1, nullptr, 'v'},
                                     {}};
  Options options;
  for (int key; (key = getopt_long(argc, argv, "", kLong, nullptr)) != -1;) {
    if (key == 's') options.seeds = std::stoull(optarg);
    if (key == 'f') options.from = std::stoull(optarg);
    if (key == 'k') options.kind = named(optarg, Kind::kKinds);
    if (key == 'w') options.way = named(optarg, Way::kWays);
    if (key == 'j') options.jobs = std::max(1, std::stoi(optarg));
    if (key == 'v') options.most_violations = std::stoi(optarg);
    if (key == 'l') options.surroundings.library = std::filesystem::canonical(optarg);
    if (key == 'd') options.directory = optarg;
    if (key == 'g') options.surroundings.guard = optarg;
    if (key == 'm') options.must_lose = true;
    if (key == '?') usage();
  }
  if (optind != argc) usage();
  std::filesystem::create_directories(options.directory);
  options.directory = std::filesystem::canonical(options.directory);
  options.surroundings.static_program =
      std::filesystem::canonical("/proc/self/exe").parent_path() / "kills_ends_soon";
  return options;
}

bool guard_is_expected(const Options& options) {
  return !options.surroundings.library.empty() && options.surroundings.guard != "off";
}

void note_time(std::atomic<uint64_t>& count, uint32_t* times, int64_t time) {
  if (time < 0) return;
  const uint64_t index = count.fetch_add(1);
  if (index < kMostTimes) times[index] = static_cast<uint32_t>(time);
}

/// What is lost when the guard is killed too is only measured; but it is no more than was in
/// memory.
std::string violation_of(Kind kind, const Outcome& outcome) {
  if (kind != Kind::kBothKilled) return outcome.verdict.violation;
  if (outcome.verdict.lost <= outcome.memory) return "";
  return outcome.verdict.violation + ", more than there is memory";
}

void note(Tally& tally, const Outcome& outcome) {
  ++tally.cases;
  tally.accepted += outcome.verdict.accepted;
  tally.lost += outcome.verdict.lost;
  tally.gaps += static_cast<uint64_t>(outcome.verdict.gaps);
  uint64_t most = tally.most_lost.load();
  while (most < outcome.verdict.lost &&
         !tally.most_lost.compare_exchange_weak(most, outcome.verdict.lost)) {
  }
  note_time(tally.recoveries, tally.recovery, outcome.recovery);
  note_time(tally.rests, tally.rested, outcome.rested);
}

void run_case(const Options& options, const Surroundings& surroundings, Kind kind, uint64_t seed,
              Tallies& tallies) {
  Tally& tally = tallies.of[static_cast<size_t>(kind)];
  Case one(surroundings, kind, seed, options.way);
  const Outcome outcome = one.run();
  note(tally, outcome);
  const bool acts_on_guards = kind >= Kind::kGuardFirst && kind <= Kind::kBothKilled;
  if (acts_on_guards && outcome.guards_found == 0) ++tally.unguarded;
  const std::string violation = violation_of(kind, outcome);
  if (violation.empty()) {
    std::filesystem::remove_all(surroundings.directory);
    return;
  }
  ++tally.violations;
  if (tallies.violations.fetch_add(1) >= options.most_violations) return;
  const std::string keep = options.directory + "/" + name_of(kind) + "-" + std::to_string(seed);
  std::filesystem::remove_all(keep);
  std::filesystem::rename(surroundings.directory, keep);
  std::ostringstream text;
  text << "VIOLATION " << violation << "\n " << one.text() << "  files: " << keep << "\n";
  std::cout << text.str() << std::flush;
}

std::vector<Kind> kinds_of(const Options& options) {
  std::vector<Kind> kinds;
  for (size_t i = 0; i < kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (options.kind != Kind::kKinds && options.kind != kind) continue;
    if (kind == Kind::kMemory && !MemoryGroup().available()) continue;
    if (kind == Kind::kIdle && !guard_is_expected(options)) continue;
    kinds.push_back(kind);
  }
  return kinds;
}

void work(const Options& options, int job, const std::vector<Kind>& kinds, Tallies& tallies) {
  adopt_orphans();
  // Of its own: what one writer takes isn't to be the end of another's guard.
  const MemoryGroup group;
  Surroundings surroundings = options.surroundings;
  surroundings.group = &group;
  surroundings.directory = options.directory + "/job" + std::to_string(job);
  for (const Kind kind : kinds)
    for (uint64_t i = static_cast<uint64_t>(job); i < options.seeds;
         i += static_cast<uint64_t>(options.jobs)) {
      if (tallies.violations.load() >= options.most_violations && !options.must_lose) return;
      std::filesystem::remove_all(surroundings.directory);
      run_case(options, surroundings, kind, options.from + i, tallies);
    }
  std::filesystem::remove_all(surroundings.directory);
}

std::string milliseconds(uint64_t count, uint32_t* times, bool slowest) {
  count = std::min(count, kMostTimes);
  if (count == 0) return "-";
  std::sort(times, times + count);
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", times[slowest ? count - 1 : count / 2] / 1000.0);
  return text;
}

void print_row(Kind kind, Tally& tally) {
  std::printf("%-14s %6lu %13lu %11lu %10lu %10s %10s", name_of(kind),
              static_cast<unsigned long>(tally.cases.load()),
              static_cast<unsigned long>(tally.accepted.load()),
              static_cast<unsigned long>(tally.lost.load()),
              static_cast<unsigned long>(tally.violations.load()),
              milliseconds(tally.recoveries.load(), tally.recovery, false).c_str(),
              milliseconds(tally.recoveries.load(), tally.recovery, true).c_str());
  if (tally.rests.load() != 0)
    std::printf("  rested %s ms, at most %s",
                milliseconds(tally.rests.load(), tally.rested, false).c_str(),
                milliseconds(tally.rests.load(), tally.rested, true).c_str());
  if (kind == Kind::kBothKilled)
    std::printf("  at most %lu bytes a kill", static_cast<unsigned long>(tally.most_lost.load()));
  if (tally.gaps.load() != 0)
    std::printf("  %lu gaps", static_cast<unsigned long>(tally.gaps.load()));
  if (tally.unguarded.load() != 0)
    std::printf("  %lu without a guard", static_cast<unsigned long>(tally.unguarded.load()));
  std::printf("\n");
}

/// The number of kinds that failed.
int print_table(const Options& options, const std::vector<Kind>& kinds, Tallies& tallies) {
  int failed = 0;
  std::printf("%-14s %6s %13s %11s %10s %10s %10s\n", "kind", "kills", "accepted", "lost",
              "violations", "median ms", "slowest ms");
  for (const Kind kind : kinds) {
    Tally& tally = tallies.of[static_cast<size_t>(kind)];
    print_row(kind, tally);
    // A test of guards that finds none tests nothing.
    const bool vain = guard_is_expected(options) && tally.unguarded * 2 > tally.cases;
    if (tally.violations != 0 || vain) ++failed;
  }
  return failed;
}

int run_all(const Options& options) {
  void* const shared =
      mmap(nullptr, sizeof(Tallies), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 2;
  Tallies& tallies = *new (shared) Tallies{};
  const std::vector<Kind> kinds = kinds_of(options);
  if (!MemoryGroup().available()) std::printf("memory: skipped: no memory cgroup to be had here\n");
  std::cout << std::flush;
  std::fflush(stdout);
  for (int job = 0; job < options.jobs; ++job) {
    if (fork() != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int code = 0;
    try {
      work(options, job, kinds, tallies);
    } catch (const std::exception& error) {
      std::cerr << "kills: " << error.what() << std::endl;
      code = 2;
    }
    _exit(code);
  }
  bool broken = false;
  for (int status; wait(&status) > 0;) broken |= status != 0;
  const int failed = print_table(options, kinds, tallies);
  if (broken) return 2;
  return options.must_lose ? failed == 0 : failed != 0;
}

}  // namespace
}  // namespace kills

int main(int argc, char** argv) {
  try {
    if (argc > 1 && std::strcmp(argv[1], "--writer") == 0) return kills::writer_main(argc, argv);
    return kills::run_all(kills::parse_options(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "kills: " << error.what() << "\n";
    return 2;
  }
}
