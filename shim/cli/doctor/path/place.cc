#include "shim/cli/doctor/path/place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "shim/system/file_id.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

Place unreachable(Place place, std::string trouble) {
  place.kind = Place::Kind::kUnreachable;
  place.trouble = std::move(trouble);
  return place;
}

/// Where open() would make the file: behind symbolic links that lead nowhere.
fs::path end_of_links(fs::path path) {
  constexpr int kMostLinks = 40;  // the kernel's
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(path, error)); ++i) {
    const fs::path target = fs::read_symlink(path, error);
    path = path.parent_path() / target;
  }
  return path;
}

bool may_write(const std::string& path) {
  return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

std::string kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISBLK(mode)) return "a block device";
  return "a character device";
}

bool in_use_as_swap(const struct stat& facts) {
  std::ifstream swaps("/proc/swaps");
  std::string line;
  while (std::getline(swaps, line)) {
    struct stat swap {};
    const std::string path = without_octal(line.substr(0, line.find_first_of(" \t")));
    if (path.starts_with('/') && stat(path.c_str(), &swap) == 0 && id_of(swap) == id_of(facts))
      return true;
  }
  return false;
}

std::string lock_of(const struct stat& facts) {
  std::ifstream locks("/proc/locks");
  std::string line;
  while (std::getline(locks, line)) {
    if (std::string lock = lock_in_line(line, facts); !lock.empty()) return lock;
  }
  return {};
}

void look_at_file(Place& place) {
  place.writable = may_write(place.name);
  place.is_swap = in_use_as_swap(place.facts);
  place.lock = lock_of(place.facts);
  struct statx more {};
  if (statx(AT_FDCWD, place.name.c_str(), 0, STATX_BASIC_STATS, &more) != 0) return;
  place.append_only = (more.stx_attributes & STATX_ATTR_APPEND) != 0;
  place.immutable = (more.stx_attributes & STATX_ATTR_IMMUTABLE) != 0;
  place.compressed = (more.stx_attributes & STATX_ATTR_COMPRESSED) != 0;
}

/// The directory that the name is in.
Place in_directory(Place place, const fs::path& directory, const fs::path& name) {
  std::error_code error;
  const fs::path real = fs::canonical(directory.empty() ? "." : directory, error);
  if (error)
    return unreachable(std::move(place),
                       fmt::format("directory {}: {}", directory.string(), error.message()));
  place.directory = real;
  place.name = real / name;
  place.directory_writable = may_write(place.directory);
  return place;
}

}  // namespace

Place look_at_place(const std::string& path) {
  Place place;
  place.given = path;
  if (stat(path.c_str(), &place.facts) != 0) {
    if (errno != ENOENT || path.empty()) return unreachable(std::move(place), strerror(errno));
    const fs::path end = end_of_links(path);
    if (!end.has_filename()) return unreachable(std::move(place), strerror(ENOENT));
    place.kind = Place::Kind::kNothing;
    return in_directory(std::move(place), end.parent_path(), end.filename());
  }
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return unreachable(std::move(place), error.message());
  if (S_ISDIR(place.facts.st_mode)) {
    place.kind = Place::Kind::kDirectory;
    place.directory = real;
    place.directory_writable = may_write(place.directory);
    return place;
  }
  place.kind = S_ISREG(place.facts.st_mode) ? Place::Kind::kFile : Place::Kind::kOther;
  place = in_directory(std::move(place), real.parent_path(), real.filename());
  if (place.kind == Place::Kind::kOther) place.trouble = kind_of(place.facts.st_mode);
  if (place.kind == Place::Kind::kFile) look_at_file(place);
  return place;
}

std::string lock_in_line(const std::string& line, const struct stat& file) {
  // "1: POSIX  ADVISORY  WRITE 123 08:01:456 0 EOF", the device in hexadecimal.
  std::istringstream words(line);
  std::string number, kind, mode, access, process, where;
  if (!(words >> number >> kind >> mode >> access >> process >> where)) return {};
  if (kind != "POSIX" && kind != "OFDLCK") return {};
  const std::string here =
      fmt::format("{:02x}:{:02x}:{}", major(file.st_dev), minor(file.st_dev), file.st_ino);
  if (where != here) return {};
  // Of a description, which may be several processes', no process is named.
  if (kind == "OFDLCK") return "a lock of an open file description";
  return fmt::format("a POSIX lock of process {}", process);
}

std::string without_octal(const std::string& text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](size_t at) {
      return i + at < text.size() && text[i + at] >= '0' && text[i + at] <= '7';
    };
    if (text[i] == '\\' && digit(1) && digit(2) && digit(3)) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                 (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace seqshim
