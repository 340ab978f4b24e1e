#include "shim/cli/compare/process_tree.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <set>
#include <system_error>
#include <vector>

#include "shim/cli/run/guards.h"
#include "shim/cli/run/processes.h"

namespace seqshim {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void reap_orphans() {
  while (waitpid(-1, nullptr, WNOHANG | __WALL) > 0) {
  }
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Tells the tree to end. Whose parent ends is our child then: it comes to us level by level.
class Farewell {
 public:
  /// From now on with this signal; 0: nothing is sent.
  void use(int signal) {
    if (signal != signal_) told_.clear();
    signal_ = signal;
  }

  /// Each child once. False: there is none.
  bool tell() {
    const std::vector<pid_t> all = children();
    for (const pid_t child : all) {
      // Guards end by themselves, when all is written.
      if (signal_ == 0 || guarded_by(child) != 0 || !told_.insert(child).second) continue;
      kill(child, signal_);
      kill(child, SIGCONT);  // it may be stopped
    }
    return !all.empty();
  }

 private:
  int signal_ = 0;
  std::set<pid_t> told_;
};

}  // namespace

ProcessTree::ProcessTree() : ending_{}, awaited_{} {
  sigemptyset(&ending_);
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&ending_, signal);
  }
  awaited_ = ending_;
  sigaddset(&awaited_, SIGCHLD);
  sigset_t held = awaited_;
  // What comes of our own writes is told by their errors.
  for (const int signal : {SIGPIPE, SIGXFSZ}) sigaddset(&held, signal);
  sigprocmask(SIG_SETMASK, &held, nullptr);
}

void ProcessTree::look_for_signals() {
  siginfo_t signal{};
  const timespec at_once{};
  if (sigtimedwait(&ending_, &signal, &at_once) > 0) end_all(signal);
}

int ProcessTree::wait_for(pid_t child) {
  for (;;) {
    siginfo_t signal{};
    if (sigwaitinfo(&awaited_, &signal) < 0) continue;
    if (signal.si_signo != SIGCHLD) end_all(signal);
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG | __WALL)) > 0;)
      if (ended == child) return status;
  }
}

Ended ProcessTree::run(const std::function<int()>& program) {
  look_for_signals();
  reap_orphans();
  rusage before{}, after{};
  getrusage(RUSAGE_CHILDREN, &before);
  const auto start = Clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "can't make a process");
  if (child == 0) {
    inherited_.restore();
    _exit(program());
  }
  const int status = wait_for(child);
  wait_for_guards();
  const double seconds = seconds_since(start);
  reap_orphans();
  getrusage(RUSAGE_CHILDREN, &after);
  return {exit_code_of(status), seconds, seconds_of(after.ru_utime) - seconds_of(before.ru_utime),
          seconds_of(after.ru_stime) - seconds_of(before.ru_stime)};
}

void ProcessTree::end_all(const siginfo_t& asked) {
  constexpr double kPatience = 1, kMorePatience = 4, kEnd = 8;
  Farewell farewell;
  // What a terminal sends, our whole process group has got already: a second one often means more.
  if (asked.si_code <= 0) farewell.use(asked.si_signo);
  const auto start = Clock::now();
  bool hurried = false;
  for (double waited = 0; waited < kEnd; waited = seconds_since(start)) {
    if (waited > kMorePatience || hurried) {
      farewell.use(SIGKILL);
    } else if (waited > kPatience) {
      farewell.use(SIGTERM);
    }
    reap_orphans();
    if (!farewell.tell()) break;
    siginfo_t news{};
    const timespec moment{0, 50'000'000};
    if (sigtimedwait(&awaited_, &news, &moment) > 0 && news.si_signo != SIGCHLD) hurried = true;
  }
  throw Interrupted{asked.si_signo};
}

}  // namespace seqshim
