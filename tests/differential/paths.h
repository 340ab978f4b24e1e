// The few paths of the work directory, by number.
#pragma once

#include <cstdint>

namespace differential {

// data/ is what SEQSHIM_MATCH covers, plain/ is not.
inline constexpr const char* kPaths[] = {"data/a",     "data/b",  "data/c",        "data/d",
                                         "data/sub/e", "plain/u", "data/missing/x"};
inline constexpr int64_t kPathCount = 7;

// Beside the runs' directories, larger than many clusters, only ever read.
inline constexpr const char* kBigFile = "../big";
inline constexpr int64_t kBigSize = 600000;

inline const char* path_name(int64_t index) {
  return index >= 0 && index < kPathCount ? kPaths[index] : "data/nowhere";
}

}  // namespace differential
