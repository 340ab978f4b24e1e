#include "tests/differential/runner.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "tests/differential/actor.h"
#include "tests/differential/paths.h"
#include "tests/differential/times.h"
#include "tests/support/newer_libc.h"

namespace differential {
namespace {

namespace fs = std::filesystem;

void write_file(const std::string& path, size_t size, uint64_t tag) {
  std::string bytes(size, '\0');
  fill(bytes.data(), size, tag);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, bytes.data(), size) != static_cast<ssize_t>(size)) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  close(fd);
}

void prepare(const std::string& directory) {
  fs::remove_all(directory);
  fs::create_directories(directory + "/data/sub");
  fs::create_directory(directory + "/plain");
  write_file(directory + "/data/b", 20000, 1);
  write_file(directory + "/plain/u", 50000, 2);
}

/// Some file systems let a sequence make files of exabytes: of those only the size is compared.
constexpr int64_t kMostCompared = int64_t{1} << 30;

std::string read_file(const std::string& path, int64_t size) {
  std::string bytes(static_cast<size_t>(size), '\0');
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  size_t at = 0;
  for (ssize_t got; at < bytes.size(); at += static_cast<size_t>(got)) {
    got = read(fd, bytes.data() + at, bytes.size() - at);
    if (got <= 0) break;
  }
  close(fd);
  bytes.resize(at);
  return bytes;
}

Entry describe(const std::string& path) {
  struct stat s = {};
  if (lstat(path.c_str(), &s) != 0) throw std::system_error(errno, std::generic_category(), path);
  Entry entry;
  entry.mode = s.st_mode;
  if (S_ISDIR(s.st_mode)) return entry;
  entry.links = s.st_nlink;
  entry.size = s.st_size;
  if (S_ISREG(s.st_mode)) {
    entry.mtime = mtime_text(s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    if (s.st_size <= kMostCompared) entry.content = read_file(path, s.st_size);
  } else if (S_ISLNK(s.st_mode)) {
    entry.content = fs::read_symlink(path);
  }
  return entry;
}

std::map<std::string, Entry> collect(const std::string& directory) {
  std::map<std::string, Entry> tree;
  for (const auto& item : fs::recursive_directory_iterator(directory)) {
    const std::string path = item.path();
    tree[path.substr(directory.size() + 1)] = describe(path);
  }
  return tree;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

[[noreturn]] void become(const std::string& directory, char* const* argv, char* const* envp) {
  setpgid(0, 0);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  umask(022);
  if (chdir(directory.c_str()) != 0) _exit(98);
  const int out = open("out", O_RDWR | O_CREAT | O_APPEND, 0644);
  // Not a device: sequences change what they are given.
  const int in = open("in", O_RDONLY | O_CREAT, 0600);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  close_range(3, ~0U, 0);
  execve(argv[0], argv, envp);
  _exit(97);
}

/// Waits for `child`; kills it and its process group when the time is up.
bool wait_with_timeout(pid_t child, int seconds, int& status) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  pollfd poll_entry = {handle, POLLIN, 0};
  const bool in_time = poll(&poll_entry, 1, seconds * 1000) == 1;
  close(handle);
  if (!in_time) kill(-child, SIGKILL);
  waitpid(child, &status, 0);
  return in_time;
}

}  // namespace

Runner::Runner(std::string directory, std::string library)
    : directory_(std::move(directory)),
      library_(std::move(library)),
      self_(fs::read_symlink("/proc/self/exe")),
      block_path_("/dev/shm/seqshim-differential." + std::to_string(getpid())),
      block_(map_block(block_path_.c_str(), true)) {
  make_directory();
}

void Runner::make_directory() {
  fs::create_directories(directory_);
  const std::string big = big_file();
  struct stat s = {};
  const bool untouched = lstat(big.c_str(), &s) == 0 && s.st_ctim.tv_sec == big_since_.tv_sec &&
                         s.st_ctim.tv_nsec == big_since_.tv_nsec;
  if (untouched) return;
  unlink(big.c_str());
  write_file(big, kBigSize, 3);
  if (lstat(big.c_str(), &s) == 0) big_since_ = s.st_ctim;
}

std::string Runner::big_file() const {
  return directory_ + "/" + fs::path(kBigFile).filename().string();
}

Runner::~Runner() {
  munmap(block_, sizeof(Block));
  unlink(block_path_.c_str());
}

std::vector<std::string> Runner::environment(const std::string& directory,
                                             const Settings* settings) const {
  std::vector<std::string> list = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
  if (settings == nullptr || library_.empty()) return list;
  list.push_back("LD_PRELOAD=" + library_);
  list.push_back("DIFFERENTIAL_PRELOAD=" + library_);
  list.push_back("SEQSHIM_MATCH=" + directory + "/data/*");
  // For libseqshim-profile.so, under `seqshim profile`.
  if (const char* const memory = getenv("SEQSHIM_PROFILE"))
    list.push_back(std::string("SEQSHIM_PROFILE=") + memory);
  for (std::string& setting : settings_environment(*settings)) list.push_back(std::move(setting));
  return list;
}

Outcome Runner::run(const Script& script, const std::string& directory, const Settings* settings) {
  make_directory();
  prepare(directory);
  const std::string text = print_script(script, false);
  if (text.size() >= Block::kScriptSize) throw std::runtime_error("script too long");
  std::memcpy(block_->script, text.c_str(), text.size() + 1);
  block_->used = 0;
  const std::vector<std::string> words = {self_, "--actor", block_path_, "0", "1000000", "0", ""};
  const std::vector<std::string> variables = environment(directory, settings);
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  const pid_t child = fork();
  if (child == 0) become(directory, argv.data(), envp.data());
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  Outcome outcome;
  outcome.timed_out = !wait_with_timeout(child, timeout_seconds_, outcome.status);
  outcome.log.assign(block_->log, block_->used.load());
  outcome.tree = collect(directory);
  return outcome;
}

}  // namespace differential
