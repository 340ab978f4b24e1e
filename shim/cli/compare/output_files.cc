#include "shim/cli/compare/output_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "shim/device/residency.h"

namespace seqshim {
namespace {

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// A regular file, to be looked at; its size, or nothing if there is none.
class RegularFile : public Descriptor {
 public:
  explicit RegularFile(const std::string& path)
      : Descriptor(path, O_RDONLY | O_NONBLOCK | O_NOCTTY) {
    struct stat facts {};
    if (*this && fstat(number(), &facts) == 0 && S_ISREG(facts.st_mode)) size_ = facts.st_size;
  }
  std::optional<int64_t> size() const { return size_; }

 private:
  std::optional<int64_t> size_;
};

/// The directory above; of "/" and "" itself.
std::string above(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// The path, or what there is of it from the front on.
std::string existing(std::string path) {
  struct stat facts {};
  while (stat(path.c_str(), &facts) != 0 && path != "/" && path != ".") path = above(path);
  return path;
}

void add_file_system(std::map<uint64_t, std::string>& all, const std::string& path) {
  struct stat facts {};
  if (stat(existing(path).c_str(), &facts) == 0) all.emplace(facts.st_dev, path);
}

void sync_file_system(const std::string& path) {
  std::string place = existing(path);
  struct stat facts {};
  if (stat(place.c_str(), &facts) == 0 && !S_ISDIR(facts.st_mode)) place = above(place);
  const Descriptor directory(place, O_RDONLY | O_DIRECTORY);
  if (!directory) return sync();
  if (syncfs(directory.number()) != 0)
    throw std::system_error(errno, std::generic_category(), "can't sync " + place);
}

/// Of a process that holds a file open while others write it.
bool only_looked_on(const ReportedFile& file) {
  return file.counters.bytes_written + file.counters.bytes_passed == 0 &&
         file.hand_back == name_of(HandBack::kUnseen);
}

void merge(ReportedFile& into, const ReportedFile& other) {
  into.times += other.times;
  if (only_looked_on(other)) return;
  if (only_looked_on(into)) into.hand_back = name_of(HandBack::kNone);
  into.counters.add(other.counters);
  if (other.rung != name_of(Rung::kUndecided)) into.rung = other.rung;
  if (other.hand_back != name_of(HandBack::kNone)) into.hand_back = other.hand_back;
}

/// Not one that was only opened so that it could have been.
bool was_written(const ReportedFile& file) {
  return file.counters.bytes_written + file.counters.bytes_passed > 0 ||
         file.hand_back != name_of(HandBack::kNone);
}

uint64_t hash_of(int fd, const std::function<void()>& between) {
  std::string block(size_t{1} << 20, '\0');
  uint64_t hash = 0;
  for (ssize_t count = 0; (count = read(fd, block.data(), block.size())) > 0;) {
    const auto part = std::hash<std::string_view>{}({block.data(), static_cast<size_t>(count)});
    hash = hash * 0x9e3779b97f4a7c15U + part;
    between();
  }
  return hash;
}

}  // namespace

std::vector<ReportedFile> written_files(const std::vector<ProcessReport>& processes) {
  std::vector<ReportedFile> merged;
  std::unordered_map<std::string_view, size_t> known;
  for (const ProcessReport& process : processes) {
    for (const ReportedFile& file : process.files) {
      const auto [place, is_new] = known.emplace(file.path, merged.size());
      is_new ? merged.push_back(file) : merge(merged[place->second], file);
    }
  }
  std::erase_if(merged, [](const ReportedFile& file) { return !was_written(file); });
  return merged;
}

OutputFiles::OutputFiles(const std::vector<std::string>& command) {
  add_file_system(file_systems_, ".");
  for (const std::string& word : command) {
    add_file_system(file_systems_, word);
    // of=FILE, --file=FILE
    add_file_system(file_systems_, word.substr(word.find('=') + 1));
  }
}

bool OutputFiles::learn(const std::vector<ReportedFile>& files) {
  std::vector<std::string> paths;
  std::map<uint64_t, std::string> file_systems;
  for (const ReportedFile& file : files) {
    // Of a long one the front is missing.
    if (!file.path.starts_with('/')) continue;
    paths.push_back(file.path);
    add_file_system(file_systems, file.path);
  }
  if (paths.empty()) return false;
  const bool known = std::all_of(
      file_systems.begin(), file_systems.end(),
      [this](const auto& file_system) { return file_systems_.contains(file_system.first); });
  paths_ = std::move(paths);
  file_systems_ = std::move(file_systems);
  return !known;
}

void OutputFiles::sync() const {
  for (const auto& [device, path] : file_systems_) sync_file_system(path);
}

std::optional<double> OutputFiles::resident() const {
  std::optional<double> bytes;
  for (const std::string& path : paths_) {
    const RegularFile file(path);
    if (!file.size()) continue;
    const int64_t pages = *file.size() == 0
                              ? 0
                              : resident_pages(file.number(), 0, static_cast<size_t>(*file.size()),
                                               is_stacked(file.number()));
    if (pages >= 0)
      bytes = bytes.value_or(0) + static_cast<double>(pages) * static_cast<double>(getpagesize());
  }
  return bytes;
}

void OutputFiles::drop() const {
  for (const std::string& path : paths_) {
    const RegularFile file(path);
    if (file.size()) posix_fadvise(file.number(), 0, 0, POSIX_FADV_DONTNEED);
  }
}

std::map<std::string, Content> OutputFiles::contents(const std::function<void()>& between) const {
  std::map<std::string, Content> found;
  for (const std::string& path : paths_) {
    const RegularFile file(path);
    if (file.size())
      found[path] = {static_cast<uint64_t>(*file.size()), hash_of(file.number(), between)};
  }
  return found;
}

double cached_by_all() {
  std::ifstream facts("/proc/meminfo");
  for (std::string name, rest; facts >> name; std::getline(facts, rest)) {
    double kib = 0;
    if (name == "Cached:" && facts >> kib) return kib * 1024;
  }
  return 0;
}

}  // namespace seqshim
