// "/proc/self/fd/N", without stdio or allocation.
#pragma once

#include <algorithm>
#include <cstddef>

namespace seqshim {

struct ProcPath {
  explicit ProcPath(int fd) {
    char digits[12];
    size_t count = 0;
    do digits[count++] = static_cast<char>('0' + fd % 10);
    while ((fd /= 10) > 0);
    constexpr char kPrefix[] = "/proc/self/fd/";
    char* out = std::copy_n(kPrefix, sizeof kPrefix - 1, text);
    while (count > 0) *out++ = digits[--count];
    *out = '\0';
  }
  char text[32];
};

}  // namespace seqshim
