// Words for exec: argument lists, and environments with and without the shim.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace differential {

using Words = std::vector<std::string>;

inline std::vector<char*> pointers(const Words& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

enum Preload : int64_t { kKeep = 0, kDrop = 1, kRestore = 2 };

/// The environment of a new image: with LD_PRELOAD as it is, without, or as the driver wanted it.
inline Words environment(int64_t preload) {
  Words words;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (preload == kKeep || std::strncmp(*entry, "LD_PRELOAD=", 11) != 0) words.push_back(*entry);
  }
  const char* wanted = getenv("DIFFERENTIAL_PRELOAD");
  if (preload == kRestore && wanted != nullptr)
    words.push_back(std::string("LD_PRELOAD=") + wanted);
  return words;
}

}  // namespace differential
