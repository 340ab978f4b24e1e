// Memory shared by the driver and a run's whole process tree: the script going in, the log coming
// out. Being mapped, it costs the actor no descriptor, and a killed actor's log is still there.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace differential {

struct Block {
  static constexpr size_t kScriptSize = size_t{128} << 10;
  static constexpr size_t kLogSize = size_t{2} << 20;

  char script[kScriptSize];  // NUL-terminated
  std::atomic<uint32_t> used;
  char log[kLogSize];
};

/// Maps the file at `path`, made and sized if `create`. Throws std::system_error.
Block* map_block(const char* path, bool create);

}  // namespace differential
