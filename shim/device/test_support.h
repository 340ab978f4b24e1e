// For tests: files on a disk, since temporary directories often aren't, and how to look at them.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "shim/system/file_id.h"

namespace seqshim {

/// An open file in the working directory (ctest's is the build directory) that goes away.
class DiskFile {
 public:
  explicit DiskFile(const std::string& directory = ".") : path_(directory + "/seqshimXXXXXX") {
    fd_ = mkstemp(path_.data());
  }
  ~DiskFile() {
    if (fd_ >= 0) ::close(fd_);
    unlink(path_.c_str());
  }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  int fd() const { return fd_; }
  FileId id() const {
    struct stat facts {};
    fstat(fd_, &facts);
    return id_of(facts);
  }
  const char* path() const { return path_.c_str(); }
  std::string contents() const {
    struct stat facts {};
    fstat(fd_, &facts);
    std::string text(static_cast<size_t>(facts.st_size), '\0');
    if (pread(fd_, text.data(), text.size(), 0) != facts.st_size) return "unreadable";
    return text;
  }

 private:
  std::string path_;
  int fd_;
};

/// Bytes that differ, at an address that agrees with `offset` modulo 4096.
class AlignedBytes {
 public:
  AlignedBytes(int64_t offset, size_t count)
      : room_(static_cast<std::byte*>(std::aligned_alloc(4096, (count + 3 * 4096) / 4096 * 4096))),
        start_(room_ + offset % 4096),
        count_(count) {
    for (size_t i = 0; i < count; ++i) start_[i] = static_cast<std::byte>(i * 131 + i / 251);
  }
  ~AlignedBytes() { std::free(room_); }
  AlignedBytes(const AlignedBytes&) = delete;
  AlignedBytes& operator=(const AlignedBytes&) = delete;

  const std::byte* data() const { return start_; }
  std::string text() const { return {reinterpret_cast<const char*>(start_), count_}; }

 private:
  std::byte* room_;
  std::byte* start_;
  size_t count_;
};

/// Whether a directory's files take O_DIRECT and don't live in memory.
inline bool takes_direct(const char* directory) {
  DiskFile probe(directory);
  struct statfs facts {};
  if (probe.fd() < 0 || fstatfs(probe.fd(), &facts) != 0) return false;
  constexpr long kTmpfs = 0x01021994;
  if (facts.f_type == kTmpfs) return false;
  const int direct = ::open(probe.path(), O_WRONLY | O_DIRECT);
  if (direct < 0) return false;
  ::close(direct);
  return true;
}

}  // namespace seqshim
