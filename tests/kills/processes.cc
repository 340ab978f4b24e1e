#include "tests/kills/processes.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "tests/kills/flags.h"

namespace kills {

void adopt_orphans() {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
    throw std::system_error(errno, std::generic_category(), "prctl");
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, nullptr);
}

/// False: there are no children.
bool Reaper::reap() {
  for (;;) {
    int status;
    const pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);
    if (pid == 0) return true;
    if (pid < 0) return false;
    ended_[pid] = {status, microseconds_now()};
  }
}

bool Reaper::wait_until(const std::function<bool()>& condition, int64_t milliseconds) {
  const int64_t end = microseconds_now() + milliseconds * 1000;
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  while (!condition()) {
    if (microseconds_now() > end) return false;
    // A guard tells nobody of its end before it has been adopted.
    constexpr timespec kAtMost = {0, 5000000};
    sigtimedwait(&children, nullptr, &kAtMost);
  }
  return true;
}

bool Reaper::wait_for_all(int64_t milliseconds) {
  return wait_until([&] { return !reap(); }, milliseconds);
}

bool Reaper::wait_for(pid_t pid, int64_t milliseconds) {
  const auto gone = [&] {
    const bool any = reap();
    return ended_.count(pid) != 0 || !any;
  };
  return wait_until(gone, milliseconds);
}

bool wait_for_death(pid_t pid, int64_t milliseconds) {
  const auto fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) return errno == ESRCH;
  pollfd watched = {fd, POLLIN, 0};
  const bool dead = poll(&watched, 1, static_cast<int>(milliseconds)) == 1;
  close(fd);
  return dead;
}

namespace {

std::vector<pid_t> threads_of(pid_t pid) {
  std::vector<pid_t> threads;
  DIR* const directory = opendir(("/proc/" + std::to_string(pid) + "/task").c_str());
  if (directory == nullptr) return threads;
  while (const dirent* const entry = readdir(directory))
    if (entry->d_name[0] != '.') threads.push_back(std::stoi(entry->d_name));
  closedir(directory);
  return threads;
}

std::string file_of_process(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void stop(pid_t pid) {
  if (kill(pid, SIGSTOP) != 0) return;
  const auto runs = [pid] {
    for (const pid_t thread : threads_of(pid)) {
      const std::string status = file_of_process(pid, "task/" + std::to_string(thread) + "/stat");
      const size_t name_end = status.rfind(')');
      if (name_end == std::string::npos) continue;
      const char state = status[name_end + 2];
      if (state != 'T' && state != 't' && state != 'Z' && state != 'X') return true;
    }
    return false;
  };
  while (runs()) usleep(100);
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  for (const pid_t thread : threads_of(pid)) {
    std::ifstream list("/proc/" + std::to_string(pid) + "/task/" + std::to_string(thread) +
                       "/children");
    for (pid_t child; list >> child;) children.push_back(child);
  }
  return children;
}

std::vector<pid_t> guards_of(pid_t pid) {
  std::vector<pid_t> guards;
  const std::string name = "seqshim:" + std::to_string(pid) + "\n";
  for (const pid_t child : children_of(getpid()))
    if (file_of_process(child, "comm") == name) guards.push_back(child);
  return guards;
}

void kill_descendants() {
  for (;;) {
    std::vector<pid_t> all = children_of(getpid());
    if (all.empty()) return;
    for (const pid_t pid : all) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, __WALL);
    }
  }
}

}  // namespace kills
