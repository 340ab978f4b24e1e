// How the command fails: one line on standard error and an exit code as env(1) has them.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace seqshim {

inline constexpr int kWrongUsage = 2;
inline constexpr int kOwnFailure = 125;
inline constexpr int kCannotRun = 126;
inline constexpr int kNotFound = 127;

/// One line, whatever bytes a name in `message` may have.
inline void complain(std::string message) {
  for (char& byte : message) {
    if (static_cast<unsigned char>(byte) < ' ' || byte == 0x7f) byte = '?';
  }
  // Not fmt::print(), which throws if standard error is closed.
  std::fputs(fmt::format("seqshim: {}\n", message).c_str(), stderr);
}

}  // namespace seqshim
