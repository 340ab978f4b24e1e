#include "shim/cli/target/target.h"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "shim/cli/complain.h"
#include "shim/cli/target/elf_program.h"
#include "shim/cli/target/first_line.h"
#include "shim/cli/target/input.h"

namespace seqshim {
namespace {

// The kernel follows five interpreter lines and looks at the first 256 bytes of a file; each env in
// between starts anew.
constexpr int kMaxSteps = 12;
constexpr size_t kLineBytes = 256;

Target accept(const std::string& path, std::string warning = {}) {
  return {0, path, {}, std::move(warning), {}};
}

Target refuse(int exit_code, const std::string& path, std::string problem) {
  return {exit_code, path, std::move(problem), {}, {}};
}

// 0, or why execve() would refuse this file.
int exec_error(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EACCES;
  return faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

Target not_runnable(const std::string& name, int error) {
  const bool missing = error == ENOENT;
  return refuse(
      missing ? kNotFound : kCannotRun, name,
      fmt::format("can't run {}: {}", name, missing ? "no such command" : std::strerror(error)));
}

// What a command without a slash may be, in the order of PATH, until one satisfies `take`; its
// path.
template <class Take>
std::optional<std::string> first_along(std::string_view search_path, const std::string& command,
                                       Take take) {
  while (true) {
    const size_t colon = search_path.find(':');
    const std::string_view directory = search_path.substr(0, colon);
    std::string path =
        directory.empty() ? "./" + command : fmt::format("{}/{}", directory, command);
    if (take(path)) return path;
    if (colon == search_path.npos) return std::nullopt;
    search_path.remove_prefix(colon + 1);
  }
}

// As execvp() does: a directory that denies access is remembered, but the search goes on.
Target search(const std::string& command, std::string_view search_path) {
  int error = ENOENT;
  const auto found = first_along(search_path, command, [&error](const std::string& path) {
    const int why = exec_error(path);
    if (why == EACCES) error = EACCES;
    return why == 0;
  });
  return found ? accept(*found) : not_runnable(command, error);
}

// As execvp() finds it.
Target look_up(const std::string& command, const std::string& search_path) {
  if (command.empty()) return not_runnable(command, ENOENT);
  if (command.find('/') == command.npos) return search(command, search_path);
  const int error = exec_error(command);
  return error == 0 ? accept(command) : not_runnable(command, error);
}

std::string_view file_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

bool ignores_set_id_bits(const Input& file) {
  struct statvfs mount {};
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ||
         (fstatvfs(file.fd(), &mount) == 0 && (mount.f_flag & ST_NOSUID) != 0);
}

// Whether exec gives more rights than the user has, or finds that it has them already; the dynamic
// linker then ignores LD_PRELOAD (AT_SECURE).
bool has_more_rights(const Input& file) {
  uid_t user = geteuid();
  gid_t group = getegid();
  bool capabilities = false;
  struct stat status {};
  if (fstat(file.fd(), &status) == 0 && !ignores_set_id_bits(file)) {
    if ((status.st_mode & S_ISUID) != 0) user = status.st_uid;
    // Without the group's execute bit S_ISGID once meant mandatory locks.
    if ((status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0) group = status.st_gid;
    capabilities = getuid() != 0 && fgetxattr(file.fd(), "security.capability", nullptr, 0) > 0;
  }
  return user != getuid() || group != getgid() || capabilities;
}

// Whether it is the dynamic linker of the C library that this command runs on.
bool is_own_linker(const std::string& linker) {
  const std::optional<std::string> own = dynamic_linker(Input("/proc/self/exe"));
  return !own || own->empty() || file_name(*own) == file_name(linker);
}

Target judge_elf(const std::string& path, const Input& file) {
  const auto problem = [&](std::string_view why) {
    return refuse(kCannotRun, path, fmt::format("can't reach into {}: {}", path, why));
  };
  if (const std::string foreign = foreign_kind(file); !foreign.empty()) return problem(foreign);
  if (has_more_rights(file)) {
    return problem("it runs with more rights than you have, so nothing can be preloaded into it");
  }
  const std::optional<std::string> linker = dynamic_linker(file);
  if (!linker) return accept(path);
  if (linker->empty()) {
    // The dynamic linker itself, run as a command, needs no other one.
    if (file_name(path).starts_with("ld-linux") || file_name(path).starts_with("ld.so")) {
      return accept(path);
    }
    return problem("it is statically linked, so nothing can be preloaded into it");
  }
  if (const int error = exec_error(*linker)) {
    return refuse(error == ENOENT ? kNotFound : kCannotRun, path,
                  fmt::format("can't run {}: its dynamic linker {}: {}", path, *linker,
                              std::strerror(error)));
  }
  if (!is_own_linker(*linker)) {
    return problem(fmt::format("it belongs to another C library ({})", *linker));
  }
  if (is_go_program(file)) {
    return accept(path, fmt::format("{} is a Go program: what Go's own code writes is not reached, "
                                    "only what goes through the C library",
                                    path));
  }
  return accept(path);
}

// The program that a first line starts, if that can be told and is allowed.
std::optional<Target> started_by(const std::string& script, const FirstLine& line,
                                 const std::string& search_path) {
  if (const int error = exec_error(line.program)) {
    return refuse(error == ENOENT ? kNotFound : kCannotRun, script,
                  fmt::format("can't run {}: its interpreter {}: {}", script, line.program,
                              std::strerror(error)));
  }
  if (file_name(line.program) != "env") return accept(line.program);
  const std::optional<EnvCommand> command = env_command(line.argument);
  if (!command) return std::nullopt;
  if (!command->keeps_preload) {
    return refuse(kCannotRun, script,
                  fmt::format("can't reach into {}: its first line takes LD_PRELOAD out of the "
                              "environment",
                              script));
  }
  Target target = look_up(command->program, search_path);
  if (target.exit_code != 0) {
    target.problem =
        fmt::format("can't run {}: its interpreter {}: {}", script, command->program,
                    target.exit_code == kNotFound ? "no such command" : std::strerror(EACCES));
  }
  return target;
}

// As its maker knows it, where there is no /proc.
bool look_at_self(struct stat& status) {
  const auto* const name = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return stat("/proc/self/exe", &status) == 0 || (name != nullptr && stat(name, &status) == 0);
}

bool is_same_file(const std::string& path, const struct stat& other) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && status.st_dev == other.st_dev &&
         status.st_ino == other.st_ino;
}

}  // namespace

std::string find_another(const std::string& name, std::string_view search_path) {
  struct stat self {};
  if (!look_at_self(self)) return {};
  const auto found = first_along(search_path, name, [&self](const std::string& path) {
    return exec_error(path) == 0 && !is_same_file(path, self);
  });
  return found.value_or(std::string());
}

Target find_target(const std::string& command, const std::string& search_path) {
  Target target = look_up(command, search_path);
  if (target.exit_code != 0) return target;
  std::string program = target.path;
  for (int step = 0; step < kMaxSteps; ++step) {
    const Input file(program);
    // May be run although it can't be read: nothing to be learnt here.
    if (!file.is_open()) return target;
    if (is_elf(file)) {
      Target end = judge_elf(program, file);
      if (end.exit_code == 0) end.path = target.path;
      end.interpreters = std::move(target.interpreters);
      return end;
    }
    const std::optional<FirstLine> line = first_line_in(file.read(kLineBytes, 0));
    if (!line) return target;
    const std::optional<Target> next = started_by(program, *line, search_path);
    if (!next) return target;
    if (next->exit_code != 0) return *next;
    program = next->path;
    target.interpreters.push_back(program);
  }
  return target;
}

}  // namespace seqshim
