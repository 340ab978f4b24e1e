// A file of /proc, byte by byte, without stdio or allocation.
#pragma once

#include <fcntl.h>

#include <cstddef>
#include <cstdint>

#include "shim/system/syscalls.h"

namespace seqshim {

class ProcText {
 public:
  /// Not on the stack: a thread's may be no larger than 16 KiB.
  using Buffer = char[4096];

  /// What can't be opened is empty.
  ProcText(const char* path, Buffer& buffer)
      : buffer_(buffer),
        fd_(sys::call_with(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0)),
        good_(fd_ >= 0) {}
  ~ProcText() {
    if (fd_ >= 0) sys::call_with(__NR_close, fd_);
  }
  ProcText(const ProcText&) = delete;
  ProcText& operator=(const ProcText&) = delete;

  /// It could be opened, and read so far.
  bool good() const { return good_; }

  /// 0: the end.
  char next() {
    if (at_ == end_) refill();
    return at_ < end_ ? buffer_[at_++] : '\0';
  }

  /// What the digits from here on amount to; `behind` is what comes behind them.
  uint64_t number(unsigned base, char& behind) {
    uint64_t value = 0;
    for (unsigned digit; (digit = digit_of(behind = next())) < base;) value = value * base + digit;
    return value;
  }

  /// Goes on behind `end` or what ends the line before, unless `c`, read last, is it. Returns it.
  char skip_to(char end, char c) {
    while (c != end && c != '\n' && c != '\0') c = next();
    return c;
  }

 private:
  static unsigned digit_of(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    return UINT32_MAX;
  }
  void refill() {
    const long bytes = good_ ? sys::call_with(__NR_read, fd_, buffer_, sizeof buffer_) : 0;
    good_ = good_ && bytes >= 0;
    at_ = 0;
    end_ = bytes > 0 ? static_cast<size_t>(bytes) : 0;
  }

  Buffer& buffer_;
  const long fd_;
  bool good_;
  size_t at_ = 0, end_ = 0;
};

}  // namespace seqshim
