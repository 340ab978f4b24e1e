// Which mount a file is on, and what the kernel says of it.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace seqshim {

struct Mount {
  std::string place;          // where it is mounted
  std::string type;           // "ext4", "fuse.sshfs"
  std::string source;         // "/dev/sda1", "none"
  std::string options;        // "rw,relatime"
  std::string super_options;  // of the file system, whoever mounts it

  /// In either of the two.
  bool has_option(std::string_view option) const;
};

/// The line of that number in /proc/self/mountinfo.
std::optional<Mount> find_mount(std::istream& mountinfo, int id);

/// The mount that an open file or directory is on; nothing: /proc won't say.
std::optional<Mount> mount_of(int fd);

enum class MountKind : uint8_t { kDisk, kMemory, kKernel, kNetwork, kFuse, kOverlay };
/// By the type's name. kKernel: what it shows isn't stored anywhere.
MountKind kind_of_mount(std::string_view type);

}  // namespace seqshim
