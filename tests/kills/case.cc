#include "tests/kills/case.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <new>
#include <sstream>
#include <system_error>

#include "tests/differential/environment.h"
#include "tests/kills/deaths.h"
#include "tests/kills/flags.h"

namespace kills {
namespace {

// Milliseconds until something counts as hanging.
constexpr int64_t kPatience = 20000;
constexpr uint64_t kMany = 8;

void kill_all(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes) kill(process, SIGKILL);
}

std::string described(int status) {
  if (WIFSIGNALED(status)) return std::string("killed by ") + strsignal(WTERMSIG(status));
  return "exit code " + std::to_string(WEXITSTATUS(status));
}

/// Of accepted bytes. Where records have no place of their own, one that is torn counts as lost.
uint64_t most_in_memory(const Plan& plan) {
  const auto pool = static_cast<uint64_t>(plan.memory);
  uint64_t largest = 0;
  for (const std::vector<Op>& ops : plan.lanes)
    for (const Op& op : ops) largest = std::max<uint64_t>(largest, op.length);
  return pool * (two_processes(plan.way) ? 2 : 1) + (shares_position(plan.way) ? 2 * largest : 0);
}

bool is_as_expected(const Plan& plan, int status) {
  const auto by = [status](int signal) {
    return WIFSIGNALED(status) && WTERMSIG(status) == signal;
  };
  const auto code = [status](int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; };
  // The kernel chooses by size, and may not wait until one takes all.
  if (plan.kind == Kind::kMemory) return code(0) || by(SIGKILL);
  if (!plan.victims[0]) return code(0);
  switch (plan.kind) {
    case Kind::kTerm:
      return by(SIGTERM);
    case Kind::kSegv:
    case Kind::kOverflow:
      return by(SIGSEGV);
    case Kind::kAbort:
      return by(SIGABRT);
    case Kind::kPipe:
      return by(SIGPIPE);
    case Kind::kExitGroup:
      return code(kExitGroupCode);
    case Kind::kExecStatic:
    case Kind::kExecDynamic:
    case Kind::kGuardKilled:
      return code(0);
    case Kind::kGuardStopped:
    case Kind::kLate:
      return code(0) || by(SIGKILL);
    default:
      return by(SIGKILL);
  }
}

}  // namespace

Case::Case(const Surroundings& surroundings, Kind kind, uint64_t seed, Way forced)
    : surroundings_(surroundings), kind_(kind), forced_(forced) {
  writers_.resize(kind == Kind::kMany ? kMany : 1);
  for (size_t i = 0; i < writers_.size(); ++i) {
    writers_[i].plan = draw(kind, seed * writers_.size() + i, forced);
    writers_[i].directory = surroundings.directory + "/" + std::to_string(i);
    prepare(writers_[i]);
  }
}

Case::~Case() {
  for (const Writer& writer : writers_) {
    if (writer.block != nullptr) munmap(writer.block, sizeof(Block));
    if (writer.block_fd >= 0) close(writer.block_fd);
  }
}

void Case::prepare(Writer& writer) {
  std::filesystem::create_directories(writer.directory);
  writer.block_fd = memfd_create("kills", MFD_CLOEXEC);
  if (writer.block_fd < 0 || ftruncate(writer.block_fd, sizeof(Block)) != 0)
    throw std::system_error(errno, std::generic_category(), "memfd");
  void* const memory =
      mmap(nullptr, sizeof(Block), PROT_READ | PROT_WRITE, MAP_SHARED, writer.block_fd, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  writer.block = new (memory) Block{};
}

std::string Case::text() const {
  std::string text;
  for (const Writer& writer : writers_) text += writer.plan.text() + "\n";
  return text;
}

// Starting

void Case::start(Writer& writer) {
  writer.pid = fork();
  if (writer.pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (writer.pid == 0) become_writer(writer);
}

void Case::become_writer(const Writer& writer) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const rlimit no_core = {0, 0}, small_stack = {1 << 20, 1 << 20};
  setrlimit(RLIMIT_CORE, &no_core);
  setrlimit(RLIMIT_STACK, &small_stack);
  if (kind_ == Kind::kMemory && surroundings_.group != nullptr && !surroundings_.group->enter())
    _exit(97);
  const int block = dup(writer.block_fd);
  const Plan& plan = writer.plan;
  differential::Words words = {"kills",
                               "--writer",
                               std::to_string(static_cast<int>(kind_)),
                               std::to_string(plan.seed),
                               std::to_string(static_cast<int>(forced_)),
                               "0",
                               std::to_string(block),
                               writer.directory,
                               surroundings_.static_program};
  differential::Words environment;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (std::strncmp(*entry, "SEQSHIM_", 8) != 0 && std::strncmp(*entry, "LD_PRELOAD=", 11) != 0)
      environment.push_back(*entry);
  for (const std::string& setting : plan.settings()) environment.push_back(setting);
  environment.push_back("SEQSHIM_MATCH=" + writer.directory + "/*");
  if (!surroundings_.guard.empty()) environment.push_back("SEQSHIM_GUARD=" + surroundings_.guard);
  if (!surroundings_.library.empty()) environment.push_back("LD_PRELOAD=" + surroundings_.library);
  execve("/proc/self/exe", differential::pointers(words).data(),
         differential::pointers(environment).data());
  _exit(96);
}

// Ending

Outcome Case::run() {
  try {
    for (Writer& writer : writers_) start(writer);
    bring_about_end();
    for (Writer& writer : writers_) raise_flag(writer.block->finish);
    if (!reaper_.wait_for_all(kPatience)) throw Stuck{"a process doesn't end"};
    for (const Writer& writer : writers_) expect_end(writer);
    judge();
  } catch (const Stuck& stuck) {
    kill_descendants();
    outcome_.verdict.violation = stuck.why;
  }
  return outcome_;
}

void Case::bring_about_end() {
  if (kind_ == Kind::kMany) return kill_many();
  end_writer(writers_[0]);
}

void Case::end_writer(Writer& writer) {
  if (kind_ == Kind::kEarly) return kill_early(writer);
  wait_for_instant(writer);
  if (kind_ == Kind::kMemory) return wait_for_memory_to_end(writer);
  if (comes_from_within(kind_)) return wait_for_victims(writer);
  if (kind_ == Kind::kIdle) return wait_for_rest(writer);
  pass_time(writer.plan.delay);
  switch (kind_) {
    case Kind::kGuardFirst:
      kill_all(find_guards(writer, false));
      if (writer.plan.seed % 2 == 0) pass_time(writer.plan.delay);
      signal_victims(writer, SIGKILL);
      break;
    case Kind::kGuardKilled:
      return kill_all(find_guards(writer, writer.plan.seed % 2 == 0));
    case Kind::kGuardStopped:
      return stop_guards(writer);
    case Kind::kBothKilled:
      return kill_both(writer);
    case Kind::kTerm:
      signal_victims(writer, SIGTERM);
      break;
    case Kind::kStopKill:
      stop_writer(writer);
      [[fallthrough]];
    default:
      signal_victims(writer, SIGKILL);
  }
  wait_for_victims(writer);
}

/// Perhaps in the middle of a call, and for so long that what was accepted is written meanwhile.
void Case::stop_writer(Writer& writer) {
  for (int lane = 0; lane < Block::kLanes; ++lane) {
    const pid_t pid = writer.block->lanes[lane].process.load();
    if (writer.plan.victims[lane] && pid > 0) stop(pid);
  }
  if (writer.plan.seed % 2 == 0 && writer.plan.idle_ms <= 20)
    pass_time(2000L * writer.plan.idle_ms);
}

void Case::wait_for_instant(Writer& writer) {
  // In small steps: it may have died before.
  for (int64_t waited = 0; !wait_for_flag(writer.block->reached, 50); waited += 50) {
    if (kind_ == Kind::kMemory && wait_for_death(writer.pid, 0)) return;
    if (waited > kPatience) throw Stuck{"a writer doesn't come to its instant"};
    if (wait_for_death(writer.pid, 0) && writer.block->reached.load() == 0)
      throw Stuck{"a writer died before its time"};
  }
}

/// Whoever takes too much, somebody is killed: if by nobody else, because others in the group have
/// died for it and left enough, by us.
void Case::wait_for_memory_to_end(Writer& writer) {
  constexpr int64_t kLongEnough = 2000;
  for (int64_t waited = 0; waited < kLongEnough; waited += 5) {
    for (const Lane& lane : writer.block->lanes)
      if (lane.process.load() > 0 && wait_for_death(lane.process.load(), 5)) {
        raise_flag(writer.block->reached);
        return;
      }
  }
  for (const Lane& lane : writer.block->lanes)
    if (lane.process.load() > 0) ::kill(lane.process.load(), SIGKILL);
  raise_flag(writer.block->reached);
}

void Case::kill_early(Writer& writer) {
  pass_time(writer.plan.delay * 3);
  writer.block->lanes[0].process.store(writer.pid);
  signal_victims(writer, SIGKILL);
  if (!wait_for_death(writer.pid, kPatience)) throw Stuck{"a writer doesn't die"};
  // A second process that its parent didn't come to make known lives on.
  raise_flag(writer.block->reached);
}

void Case::kill_many() {
  for (Writer& writer : writers_) wait_for_instant(writer);
  for (Writer& writer : writers_) signal_victims(writer, SIGKILL);
  for (Writer& writer : writers_) wait_for_victims(writer);
}

void Case::signal_victims(Writer& writer, int signal) {
  for (int lane = 0; lane < Block::kLanes; ++lane) {
    const pid_t pid = writer.block->lanes[lane].process.load();
    if (writer.plan.victims[lane] && pid > 0) kill(pid, signal);
  }
}

void Case::wait_for_victims(Writer& writer) {
  for (int lane = 0; lane < Block::kLanes; ++lane) {
    const pid_t pid = writer.block->lanes[lane].process.load();
    if (!writer.plan.victims[lane] || pid <= 0) continue;
    if (!wait_for_death(pid, kPatience)) throw Stuck{"a writer doesn't die"};
  }
}

/// The file is to be complete while its writer does nothing.
void Case::wait_for_rest(Writer& writer) {
  const auto written = [&writer] {
    for (size_t lane = 0; lane < Block::kLanes; ++lane)
      if (writer.block->lanes[lane].accepted.load() < writer.plan.lanes[lane].size()) return false;
    return true;
  };
  int64_t start = microseconds_now();
  while (!written()) {
    if (microseconds_now() - start > kPatience * 1000) throw Stuck{"a writer doesn't finish"};
    usleep(500);
  }
  start = microseconds_now();
  Verdict now;
  for (;;) {
    now = check(writer.plan, *writer.block, writer.directory);
    outcome_.rested = microseconds_now() - start;
    if (now.violation.empty()) break;
    if (outcome_.rested > kPatience * 100) throw Stuck{"bytes rest: " + now.violation};
    usleep(5000);
  }
  signal_victims(writer, SIGKILL);
  wait_for_victims(writer);
}

std::vector<pid_t> Case::find_guards(const Writer& writer, bool and_heirs) {
  std::vector<pid_t> guards;
  for (const Lane& lane : writer.block->lanes) {
    if (lane.process.load() <= 0) continue;
    for (const pid_t guard : guards_of(lane.process.load())) {
      guards.push_back(guard);
      if (!and_heirs) continue;
      for (const pid_t heir : children_of(guard)) guards.push_back(heir);
    }
  }
  outcome_.guards_found = static_cast<int>(guards.size());
  return guards;
}

void Case::stop_guards(Writer& writer) {
  const std::vector<pid_t> guards = find_guards(writer, false);
  for (const pid_t guard : guards) stop(guard);
  // Its writer ends by itself, or is killed and must wait for the guard's return.
  if (writer.plan.seed % 2 == 0) signal_victims(writer, SIGKILL);
  raise_flag(writer.block->finish);
  for (const Lane& lane : writer.block->lanes) {
    const pid_t pid = lane.process.load();
    if (pid > 0 && !wait_for_death(pid, kPatience)) throw Stuck{"a writer hangs for its guard"};
  }
  for (const pid_t guard : guards) kill(guard, SIGCONT);
}

void Case::kill_both(Writer& writer) {
  const std::vector<pid_t> guards = find_guards(writer, true);
  if (writer.plan.seed % 2 == 0) kill_all(guards);
  signal_victims(writer, SIGKILL);
  kill_all(guards);
  wait_for_victims(writer);
}

// Judging

void Case::expect_end(const Writer& writer) {
  const auto ended = reaper_.ended().find(writer.pid);
  if (ended == reaper_.ended().end()) throw Stuck{"a writer got lost"};
  if (!is_as_expected(writer.plan, ended->second.status))
    throw Stuck{"a writer ended otherwise: " + described(ended->second.status)};
  for (const Lane& lane : writer.block->lanes)
    if (lane.error.load() != 0)
      throw Stuck{"a call failed: " + std::string(std::strerror(std::max(lane.error.load(), 0)))};
}

void Case::judge() {
  int64_t last_writer = 0, last_guard = 0;
  for (const auto& [pid, ended] : reaper_.ended()) {
    bool guard = true;
    for (const Writer& writer : writers_)
      for (const Lane& lane : writer.block->lanes)
        guard &= pid != writer.pid && pid != lane.process.load();
    int64_t& last = guard ? last_guard : last_writer;
    last = std::max(last, ended.when);
  }
  if (last_guard > 0) outcome_.recovery = std::max<int64_t>(last_guard - last_writer, 0);
  for (const Writer& writer : writers_) {
    outcome_.memory += most_in_memory(writer.plan);
    outcome_.verdict.add(check(writer.plan, *writer.block, writer.directory));
  }
}

}  // namespace kills
