// The memory in which profiled processes leave what was seen of them, see shim/profile/record.h.
#pragma once

#include <functional>
#include <string>

#include "shim/profile/record.h"

namespace seqshim::profiling {

/// A memfd, which needs no directory and is gone with the last process that has it.
class Memory {
 public:
  /// Throws std::system_error, or std::invalid_argument if there are too many patterns.
  Memory(const std::string& patterns, uint32_t every);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  int fd() const { return fd_; }
  /// By which other processes find it, as long as this one lives and has the descriptor.
  std::string path() const;
  const Header& header() const { return *header_; }
  /// Shows the slots in use one by one. Their processes may still be writing.
  void for_each_slot(const std::function<void(const Slot&)>& look) const;

 private:
  int fd_;
  Header* header_;
};

}  // namespace seqshim::profiling
