// Short texts piece by piece, without libc: each writes its piece and a zero behind it, and returns
// where the next one goes. The room is the caller's to see to.
#pragma once

#include <cstddef>

namespace seqshim {

inline char* put_text(char* out, const char* text) {
  while (*text != '\0') *out++ = *text++;
  *out = '\0';
  return out;
}

/// Of a text that is too long, its end: of a path that says more.
template <size_t room>
void put_end(char (&out)[room], const char* text) {
  size_t length = 0;
  while (text[length] != '\0') ++length;
  put_text(out, length < room ? text : text + (length - room + 1));
}

/// Not negative.
inline char* put_number(char* out, int number) {
  char digits[12];
  size_t count = 0;
  do digits[count++] = static_cast<char>('0' + number % 10);
  while ((number /= 10) > 0);
  while (count > 0) *out++ = digits[--count];
  *out = '\0';
  return out;
}

}  // namespace seqshim
