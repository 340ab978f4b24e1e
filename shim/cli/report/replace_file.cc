#include "shim/cli/report/replace_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "shim/cli/complain.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

/// 0, or the errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

bool complain_about(const std::string& path, int error) {
  complain(fmt::format("can't write {}: {}", path, std::strerror(error)));
  return false;
}

bool write_into(const std::string& path, std::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return complain_about(path, errno);
  int error = write_all(fd, text);
  if (close(fd) != 0 && error == 0) error = errno;
  return error == 0 || complain_about(path, error);
}

/// The file, there already or not, that a link leads to.
std::string behind_links(const std::string& path) {
  constexpr int kMostLinks = 40;  // as the kernel has it
  fs::path target = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(target, error); ++i)
    target = target.parent_path() / fs::read_symlink(target, error);
  return target.string();
}

/// As umask lets a new file be; mkostemp() has made it private.
void set_usual_mode(int fd) {
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(fd, 0666 & ~mask);
}

bool replace(const std::string& path, std::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return complain_about(path, errno);
  struct stat old {};
  if (stat(path.c_str(), &old) == 0)
    fchmod(fd, old.st_mode & 07777);
  else
    set_usual_mode(fd);
  int error = write_all(fd, text);
  if (error == 0 && fsync(fd) != 0) error = errno;
  if (close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return true;
  unlink(temporary.c_str());
  return complain_about(path, error);
}

}  // namespace

bool replace_file(const std::string& path, std::string_view text) {
  struct stat facts {};
  const bool is_there = stat(path.c_str(), &facts) == 0;
  if (is_there && !S_ISREG(facts.st_mode)) return write_into(path, text);
  return replace(behind_links(path), text);
}

}  // namespace seqshim
