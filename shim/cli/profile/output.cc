#include "shim/cli/profile/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "shim/cli/complain.h"

namespace seqshim::profiling {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

Output::~Output() {
  if (fd_ >= 0) close(fd_);
}

bool Output::open(const std::string& path) {
  path_ = path;
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
  if (fd_ < 0) complain(fmt::format("can't write {}: {}", path, std::strerror(errno)));
  return fd_ >= 0;
}

bool Output::write(const std::string& text) const {
  if (write_all(fd_, text)) return true;
  complain(fmt::format("can't write {}: {}", path_, std::strerror(errno)));
  return false;
}

void write_to_standard_error(const std::string& text) { write_all(STDERR_FILENO, text); }

}  // namespace seqshim::profiling
