// Modification times that can be compared: those a sequence set itself lie in a range of their own,
// all others are "now".
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

namespace differential {

inline constexpr int64_t kFirstExplicit = 1000000000;
inline constexpr int64_t kLastExplicit = 1000100000;

/// The access and modification time that an operation's `when` argument stands for.
inline void explicit_times(int64_t when, timespec times[2]) {
  times[0] = {kFirstExplicit + 50000 + when, 0};
  times[1] = {kFirstExplicit + when, (when % 1000) * 1000};
}

inline std::string mtime_text(int64_t seconds, int64_t nanoseconds) {
  if (seconds < kFirstExplicit || seconds > kLastExplicit) return "now";
  return std::to_string(seconds) + "." + std::to_string(nanoseconds);
}

}  // namespace differential
