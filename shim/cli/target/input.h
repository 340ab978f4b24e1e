// An open file that is read at given places.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

namespace seqshim {

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

}  // namespace seqshim
