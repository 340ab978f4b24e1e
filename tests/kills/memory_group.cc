#include "tests/kills/memory_group.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace kills {
namespace {

bool put(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

/// Of version 2, or of version 1 with memory in it.
bool is_hierarchy(const std::string& type, const std::string& options) {
  return type == "cgroup2" ||
         (type == "cgroup" && ("," + options + ",").find(",memory,") != std::string::npos);
}

}  // namespace

MemoryGroup::MemoryGroup() {
  std::ifstream mounts("/proc/self/mounts");
  for (std::string line; !available() && std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string device, place, type, options;
    words >> device >> place >> type >> options;
    if (is_hierarchy(type, options))
      make(place, type == "cgroup2" ? "memory.max" : "memory.limit_in_bytes");
  }
}

void MemoryGroup::make(const std::string& hierarchy, const std::string& limit) {
  const std::string path = hierarchy + "/seqshim-kills-" + std::to_string(getpid());
  if (mkdir(path.c_str(), 0755) != 0) return;
  // One of version 2 may be without memory.
  if (!put(path + "/" + limit, std::to_string(kMost))) {
    rmdir(path.c_str());
    return;
  }
  put(path + "/memory.swap.max", "0");
  put(path + "/memory.swappiness", "0");
  path_ = path;
}

MemoryGroup::~MemoryGroup() {
  if (available()) rmdir(path_.c_str());
}

bool MemoryGroup::enter() const { return put(path_ + "/cgroup.procs", std::to_string(getpid())); }

}  // namespace kills
