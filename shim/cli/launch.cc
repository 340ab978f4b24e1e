#include "shim/cli/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shim/cli/complain.h"
#include "shim/cli/parent.h"
#include "shim/cli/target.h"
#include "shim/config/config.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

constexpr char kLibrary[] = "libseqshim.so";

std::string joined(const std::vector<std::string>& patterns) {
  std::string list;
  for (const std::string& pattern : patterns) {
    if (!list.empty()) list += ':';
    list += pattern;
  }
  return list;
}

void set_environment(const Options& options) {
  const auto set = [](const char* name, const std::optional<std::string>& value) {
    if (value) setenv(name, value->c_str(), 1);
  };
  if (!options.patterns.empty()) setenv("SEQSHIM_MATCH", joined(options.patterns).c_str(), 1);
  if (!options.read_patterns.empty())
    setenv("SEQSHIM_READ", joined(options.read_patterns).c_str(), 1);
  if (options.append) setenv("SEQSHIM_APPEND", "1", 1);
  set("SEQSHIM_CLUSTER", options.cluster);
  set("SEQSHIM_DEPTH", options.depth);
  set("SEQSHIM_MEMORY", options.memory);
  set("SEQSHIM_ENGINE", options.engine);
  set("SEQSHIM_GUARD", options.guard);
  set("SEQSHIM_IDLE_MS", options.idle_ms);
  set("SEQSHIM_RATE", options.rate);
  set("SEQSHIM_REPORT", options.report);
  set("SEQSHIM_LOG", options.log);
}

// The same judgement as in the command, but before anything runs.
bool check_environment(Config& config) {
  ConfigError error;
  if (!parse_config(environ, config, error)) {
    std::fputs(error.text, stderr);
    return false;
  }
  if (config.match.empty() && config.read.empty()) {
    complain("no files to manage: give -m PATTERN, like -m '*.tar', or set SEQSHIM_MATCH");
    return false;
  }
  // Programs further down the tree may start in other directories.
  if (config.report_path != nullptr) setenv("SEQSHIM_REPORT", config.report_path, 1);
  if (config.log_path != nullptr) setenv("SEQSHIM_LOG", config.log_path, 1);
  return true;
}

// Beside the command in a build tree, below lib when installed. Empty: nowhere.
std::string find_library() {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path lib = here.parent_path() / "lib";
  std::vector<fs::path> places = {here};
  for (const fs::directory_entry& entry : fs::directory_iterator(lib, error)) {
    if (entry.is_directory(error)) places.push_back(entry.path());
  }
  places.push_back(lib);
  for (const fs::path& place : places) {
    if (fs::is_regular_file(place / kLibrary, error)) return place / kLibrary;
  }
  return {};
}

bool preload_library() {
  const std::string library = find_library();
  if (library.empty()) {
    complain(fmt::format("{} is neither beside this command nor in ../lib", kLibrary));
    return false;
  }
  if (library.find_first_of(" :") != library.npos) {
    complain(fmt::format("LD_PRELOAD can't name {}: move it to a path without blanks and colons",
                         library));
    return false;
  }
  struct statvfs mount {};
  if (statvfs(library.c_str(), &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0) {
    complain(fmt::format("{} is on a file system mounted noexec: nothing can load it", library));
    return false;
  }
  const char* others = getenv("LD_PRELOAD");
  const bool alone = others == nullptr || *others == '\0';
  setenv("LD_PRELOAD", (alone ? library : fmt::format("{}:{}", library, others)).c_str(), 1);
  return true;
}

// A report of an earlier run must not mix with this one: all processes of the tree append.
bool empty_report(const char* path) {
  const int fd = open(
      path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  if (fd < 0) {
    complain(fmt::format("can't write the report to {}: {}", path,
                         errno == ELOOP ? "symbolic links are not followed" : strerror(errno)));
    return false;
  }
  close(fd);
  return true;
}

int execute(const std::vector<std::string>& command) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words[0], words.data());
  const int error = errno;
  complain(fmt::format("can't run {}: {}", command[0], std::strerror(error)));
  return error == ENOENT ? kNotFound : kCannotRun;
}

}  // namespace

int launch(const Options& options) {
  set_environment(options);
  Config config;
  if (!check_environment(config)) return kWrongUsage;
  const char* search_path = getenv("PATH");
  const Target target =
      find_target(options.command[0], search_path != nullptr ? search_path : "/bin:/usr/bin");
  if (target.exit_code != 0) {
    complain(target.problem);
    return target.exit_code;
  }
  if (!target.warning.empty()) complain(target.warning);
  if (!preload_library()) return kOwnFailure;
  if (options.report && config.report_path != nullptr && !empty_report(config.report_path)) {
    return kOwnFailure;
  }
  if (!config.guard) return execute(options.command);
  return stay_as_parent([&options] { return execute(options.command); });
}

}  // namespace seqshim
