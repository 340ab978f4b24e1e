#include "shim/cli/run/processes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace seqshim {
namespace {

// A whole file of /proc; empty if there is none.
std::string contents(const std::string& path) {
  std::string text;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  char piece[4096];
  for (ssize_t count = 0; (count = read(fd, piece, sizeof piece)) > 0;) text.append(piece, count);
  close(fd);
  return text;
}

// The next number of `text`, taken off its front together with the blanks around it; 0: none.
uint64_t next_number(std::string_view& text) {
  const size_t start = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(start);
  // Some are negative; none of those matters.
  if (text.starts_with('-')) text.remove_prefix(1);
  uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(end - text.data());
  return number;
}

// What follows the name in /proc/PID/stat: the state, the parent, ... The name may have any bytes.
std::string stat_behind_name(pid_t process) {
  const std::string stat = contents(fmt::format("/proc/{}/stat", process));
  const size_t bracket = stat.rfind(") ");
  return bracket == stat.npos ? std::string() : stat.substr(bracket + 2);
}

// One of the numbers that follow the state there, the parent being the first of them.
uint64_t number_of_stat(pid_t process, int which) {
  const std::string stat = stat_behind_name(process);
  std::string_view rest = stat;
  rest.remove_prefix(std::min<size_t>(rest.size(), 1));
  for (int i = 1; i < which; ++i) next_number(rest);
  return next_number(rest);
}

pid_t parent_of(pid_t process) { return static_cast<pid_t>(number_of_stat(process, 1)); }

// In ticks since the machine was.
uint64_t start_of(pid_t process) { return number_of_stat(process, 19); }

// Kernels may be built without the list of children.
std::vector<pid_t> children_among_all() {
  std::vector<pid_t> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    std::string_view rest = name;
    const auto process = static_cast<pid_t>(next_number(rest));
    if (process > 0 && rest.empty() && parent_of(process) == getpid()) found.push_back(process);
  }
  return found;
}

}  // namespace

std::vector<pid_t> children() {
  const std::string path = fmt::format("/proc/self/task/{}/children", getpid());
  if (access(path.c_str(), R_OK) != 0) return children_among_all();
  std::vector<pid_t> found;
  const std::string list = contents(path);
  std::string_view rest = list;
  for (uint64_t process = 0; (process = next_number(rest)) > 0;) {
    found.push_back(static_cast<pid_t>(process));
  }
  return found;
}

std::string name_of(pid_t process) {
  std::string name = contents(fmt::format("/proc/{}/comm", process));
  if (name.ends_with('\n')) name.pop_back();
  return name;
}

char state_of(pid_t process) {
  const std::string stat = stat_behind_name(process);
  return stat.empty() ? '\0' : stat[0];
}

bool ended_since(pid_t process, pid_t later) {
  // Its first thread may be gone alone: /proc would show a zombie.
  pollfd end{static_cast<int>(syscall(SYS_pidfd_open, process, 0)), POLLIN, 0};
  if (end.fd < 0) return true;
  const bool ended = poll(&end, 1, 0) > 0;
  close(end.fd);
  return ended || start_of(process) > start_of(later);
}

}  // namespace seqshim
