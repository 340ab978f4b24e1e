// Calls that may succeed if made again.
#pragma once

#include <time.h>

#include "shim/system/syscalls.h"

namespace seqshim {

/// A file system may refuse for a moment, or for ever.
class Patience {
 public:
  explicit Patience(int times) : left_(times) {}

  /// For a refusal that may pass: true, a millisecond later, as often as the constructor was told.
  bool again(bool may_pass) {
    if (!may_pass || left_ == 0) return false;
    --left_;
    constexpr timespec kMoment{.tv_sec = 0, .tv_nsec = 1'000'000};
    sys::call_with(__NR_nanosleep, &kMoment, nullptr);
    return true;
  }

 private:
  int left_;
};

}  // namespace seqshim
