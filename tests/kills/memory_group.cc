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

/// Of the hierarchy of version 2; empty: it isn't mounted.
std::string hierarchy() {
  std::ifstream mounts("/proc/self/mounts");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string device, place, type;
    words >> device >> place >> type;
    if (type == "cgroup2") return place;
  }
  return "";
}

}  // namespace

MemoryGroup::MemoryGroup() {
  const std::string root = hierarchy();
  if (root.empty()) return;
  const std::string path = root + "/seqshim-kills-" + std::to_string(getpid());
  if (mkdir(path.c_str(), 0755) != 0) return;
  if (put(path + "/memory.max", std::to_string(kMost))) {
    put(path + "/memory.swap.max", "0");
    path_ = path;
  } else {
    rmdir(path.c_str());
  }
}

MemoryGroup::~MemoryGroup() {
  if (available()) rmdir(path_.c_str());
}

bool MemoryGroup::enter() const { return put(path_ + "/cgroup.procs", std::to_string(getpid())); }

}  // namespace kills
