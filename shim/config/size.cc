#include "shim/config/size.h"

namespace seqshim {
namespace {

// The power of two that a suffix stands for; -1: not a suffix.
int suffix_shift(std::string_view suffix) {
  if (suffix.empty()) return 0;
  const bool binary = suffix.size() == 3 && suffix[1] == 'i' && suffix[2] == 'B';
  if (suffix.size() != 1 && !binary) return -1;
  switch (suffix[0]) {
    case 'K':
      return 10;
    case 'M':
      return 20;
    case 'G':
      return 30;
    case 'k':
      return binary ? -1 : 10;
    case 'm':
      return binary ? -1 : 20;
    case 'g':
      return binary ? -1 : 30;
    default:
      return -1;
  }
}

}  // namespace

bool parse_size(std::string_view text, uint64_t& bytes) {
  uint64_t value = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (__builtin_mul_overflow(value, uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(text[digits] - '0'), &value)) {
      return false;
    }
  }
  if (digits == 0) return false;
  text.remove_prefix(digits);
  const int shift = suffix_shift(text);
  if (shift < 0 || __builtin_mul_overflow(value, uint64_t{1} << shift, &value)) return false;
  bytes = value;
  return true;
}

}  // namespace seqshim
