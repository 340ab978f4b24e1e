// A memory cgroup in which the kernel's OOM killer comes soon.
#pragma once

#include <string>

namespace kills {

class MemoryGroup {
 public:
  static constexpr int64_t kMost = 48 << 20;

  /// available() is false where there is none to be had.
  MemoryGroup();
  ~MemoryGroup();
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;

  bool available() const { return !path_.empty(); }
  /// For the calling process.
  bool enter() const;

 private:
  void make(const std::string& hierarchy, const std::string& limit);

  std::string path_;
};

}  // namespace kills
