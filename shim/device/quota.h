// Disk quotas on the owner of a file.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

namespace seqshim {

/// What the user, group and project quotas on the file behind `fd` leave, in bytes; UINT64_MAX:
/// none applies. 0 as well where there are quotas that can't be asked. Whether a device has any is
/// looked at once.
uint64_t quota_left(int fd, dev_t device);

/// Watches the lines of /proc/self/mountinfo go by for a device that is mounted with quotas.
class MountedWithQuotas {
 public:
  explicit MountedWithQuotas(dev_t device);
  /// The next bytes, however they are cut.
  void see(std::string_view text);
  bool found() const { return found_; }

 private:
  void end_word();

  char device_[24];
  size_t device_length_;
  char word_[24] = {};  // the beginning of the present one
  size_t length_ = 0;
  unsigned words_ = 0;    // of this line, before the present one
  bool ours_ = false;     // the line's device
  bool options_ = false;  // behind the separator
  bool found_ = false;
};

}  // namespace seqshim
