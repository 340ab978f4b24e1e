// Files that are made before the command runs, and filled after it.
#pragma once

#include <optional>
#include <string>

namespace seqshim::profiling {

class Output {
 public:
  Output() = default;
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Makes the file, or empties it. False, after one line on standard error, if it can't be.
  bool open(const std::string& path);
  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  /// False, after one line on standard error, if not all of it could be written.
  bool write(const std::string& text) const;

 private:
  std::string path_;
  int fd_ = -1;
};

/// As far as it goes: there may be nobody who reads it.
void write_to_standard_error(const std::string& text);

}  // namespace seqshim::profiling
