#include "shim/cli/target.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "shim/cli/complain.h"

namespace seqshim {
namespace {

// The kernel follows five interpreter lines and looks at the first 256 bytes of a file.
constexpr int kMaxInterpreters = 5;
constexpr size_t kLineBytes = 256;

#if defined(__x86_64__)
constexpr int kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr int kMachine = EM_AARCH64;
#endif

Target refuse(int exit_code, const std::string& path, std::string problem) {
  return {exit_code, path, std::move(problem)};
}

/// An open file that is read at given places.
class Input {
 public:
  explicit Input(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Input() {
    if (fd_ >= 0) close(fd_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  /// At most `count` bytes; fewer at the end of the file.
  std::string read(size_t count, off_t offset) const {
    std::string bytes(count, '\0');
    const ssize_t length = pread(fd_, bytes.data(), count, offset);
    bytes.resize(length > 0 ? static_cast<size_t>(length) : 0);
    return bytes;
  }
  template <class T>
  bool read_into(T& object, off_t offset) const {
    return pread(fd_, &object, sizeof object, offset) == static_cast<ssize_t>(sizeof object);
  }

 private:
  int fd_;
};

// 0, or why execve() would refuse this file.
int exec_error(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EACCES;
  return faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

Target not_runnable(const std::string& name, int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  return refuse(
      missing ? kNotFound : kCannotRun, name,
      fmt::format("can't run {}: {}", name, missing ? "no such command" : std::strerror(error)));
}

// As execvp() does: a directory that denies access is remembered, but the search goes on.
Target search(const std::string& command, std::string_view search_path) {
  int error = ENOENT;
  while (true) {
    const size_t colon = search_path.find(':');
    const std::string_view directory = search_path.substr(0, colon);
    const std::string path =
        directory.empty() ? "./" + command : fmt::format("{}/{}", directory, command);
    const int why = exec_error(path);
    if (why == 0) return {0, path, {}};
    if (why == EACCES) error = EACCES;
    if (colon == search_path.npos) return not_runnable(command, error);
    search_path.remove_prefix(colon + 1);
  }
}

// The program in a `#!` line; nothing if `start` doesn't begin with one.
std::optional<std::string> interpreter_in(std::string_view start) {
  if (!start.starts_with("#!")) return std::nullopt;
  start = start.substr(2, start.find_first_of("\n\0", 2, 2) - 2);
  const size_t first = start.find_first_not_of(" \t");
  if (first == start.npos) return std::nullopt;
  start.remove_prefix(first);
  return std::string(start.substr(0, start.find_first_of(" \t")));
}

std::string_view file_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

// The dynamic linker that an executable asks for (PT_INTERP); empty if it asks for none, nothing
// if the headers can't be read.
std::optional<std::string> dynamic_linker(const Input& file) {
  ElfW(Ehdr) header{};
  if (!file.read_into(header, 0)) return std::nullopt;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment{};
    const auto place = static_cast<off_t>(header.e_phoff + i * sizeof segment);
    if (header.e_phentsize != sizeof segment || !file.read_into(segment, place)) {
      return std::nullopt;
    }
    if (segment.p_type != PT_INTERP) continue;
    std::string name = file.read(segment.p_filesz, static_cast<off_t>(segment.p_offset));
    name.resize(std::strlen(name.c_str()));
    return name;
  }
  return std::string();
}

// Whether exec gives more rights than the user has; the dynamic linker then ignores LD_PRELOAD.
bool gains_rights(const Input& file) {
  struct stat status {};
  struct statvfs mount {};
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) return false;
  if (fstatvfs(file.fd(), &mount) == 0 && (mount.f_flag & ST_NOSUID) != 0) return false;
  if (fstat(file.fd(), &status) != 0) return false;
  const bool other_user = (status.st_mode & S_ISUID) != 0 && status.st_uid != getuid();
  // Without the group's execute bit S_ISGID once meant mandatory locks.
  const bool other_group = (status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0 &&
                           status.st_gid != getgid();
  const bool capabilities =
      getuid() != 0 && fgetxattr(file.fd(), "security.capability", nullptr, 0) > 0;
  return other_user || other_group || capabilities;
}

Target check_elf(const std::string& path, const Input& file, std::string_view start) {
  const auto problem = [&](std::string_view why) {
    return refuse(kCannotRun, path, fmt::format("can't reach into {}: {}", path, why));
  };
  ElfW(Half) machine = 0;
  if (start.size() < sizeof(ElfW(Ehdr))) return {0, path, {}};
  std::memcpy(&machine, start.data() + offsetof(ElfW(Ehdr), e_machine), sizeof machine);
  const int native = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
  if (start[EI_CLASS] != native || machine != kMachine) {
    return problem("it is built for another kind of machine than libseqshim.so");
  }
  if (gains_rights(file)) {
    return problem("it runs with more rights than you have, so nothing can be preloaded into it");
  }
  const std::optional<std::string> linker = dynamic_linker(file);
  if (!linker) return {0, path, {}};
  if (linker->empty()) {
    // The dynamic linker itself, run as a command, needs no other one.
    if (file_name(path).starts_with("ld-linux") || file_name(path).starts_with("ld.so")) {
      return {0, path, {}};
    }
    return problem("it is statically linked, so nothing can be preloaded into it");
  }
  const std::optional<std::string> own = dynamic_linker(Input("/proc/self/exe"));
  if (own && !own->empty() && file_name(*own) != file_name(*linker)) {
    return problem(fmt::format("it belongs to another C library ({})", *linker));
  }
  return {0, path, {}};
}

}  // namespace

Target find_target(const std::string& command, const std::string& search_path) {
  Target target{0, command, {}};
  if (command.empty()) {
    target = not_runnable(command, ENOENT);
  } else if (command.find('/') == command.npos) {
    target = search(command, search_path);
  } else if (const int error = exec_error(command)) {
    target = not_runnable(command, error);
  }
  if (target.exit_code != 0) return target;
  std::string program = target.path;
  for (int level = 0; level <= kMaxInterpreters; ++level) {
    const Input file(program);
    // May be run although it can't be read: nothing to be learnt here.
    if (!file.is_open()) return target;
    const std::string start = file.read(kLineBytes, 0);
    if (start.starts_with(ELFMAG)) {
      const Target end = check_elf(program, file, start);
      return end.exit_code == 0 ? target : end;
    }
    const std::optional<std::string> interpreter = interpreter_in(start);
    if (!interpreter) return target;
    if (const int error = exec_error(*interpreter)) {
      return refuse(error == ENOENT ? kNotFound : kCannotRun, program,
                    fmt::format("can't run {}: its interpreter {}: {}", program, *interpreter,
                                std::strerror(error)));
    }
    program = *interpreter;
  }
  return target;
}

}  // namespace seqshim
