// A directory that is gone when its user is.
#pragma once

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace seqshim {

/// Below TMPDIR, or /tmp; its path is absolute. The constructor throws std::system_error.
class ScratchDirectory {
 public:
  ScratchDirectory() : path_(std::filesystem::absolute(parent()) / "seqshim-compare.XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), "can't make " + path_);
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  static std::string parent() {
    const char* const named = getenv("TMPDIR");
    return named != nullptr && *named != '\0' ? named : "/tmp";
  }

  std::string path_;
};

}  // namespace seqshim
