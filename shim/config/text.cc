#include "shim/config/text.h"

#include <sys/mman.h>

#include <algorithm>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

using namespace std::string_view_literals;  // unoptimised, others ask strlen()

constexpr size_t kFirstMapping = size_t{64} << 10;
constexpr char kHexDigits[] = "0123456789abcdef";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// The guard, which has no libc, must not find a call of memcpy here: the compiler would make one of
// a plain loop.
void copy(std::string_view from, char* to) {
  for (const char byte : from) {
    *to++ = byte;
    asm volatile("" ::: "memory");
  }
}

// C0, DEL and C1 controls: what could drive a terminal.
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

}  // namespace

size_t utf8_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return length;
}

TextBuilder::~TextBuilder() {
  if (!fixed_ && data_ != nullptr) sys::call_with(__NR_munmap, data_, capacity_);
}

bool TextBuilder::reserve(size_t more) {
  if (more <= capacity_ - size_) return true;
  if (fixed_) return false;
  size_t capacity = capacity_ == 0 ? kFirstMapping : capacity_;
  while (capacity - size_ < more) {
    if (__builtin_mul_overflow(capacity, size_t{2}, &capacity)) return false;
  }
  const long address =
      data_ == nullptr ? sys::call_with(__NR_mmap, nullptr, capacity, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                       : sys::call_with(__NR_mremap, data_, capacity_, capacity, MREMAP_MAYMOVE);
  if (address < 0 && address >= -4095) return false;
  data_ = reinterpret_cast<char*>(address);
  capacity_ = capacity;
  return true;
}

TextBuilder& TextBuilder::append(std::string_view text) {
  if (truncated_ || text.empty()) return *this;
  if (!reserve(text.size())) {
    truncated_ = true;
    text = std::string_view(text.data(), capacity_ - size_);
    if (text.empty()) return *this;
  }
  copy(text, data_ + size_);
  size_ += text.size();
  return *this;
}

TextBuilder& TextBuilder::fill(char byte, size_t count) {
  while (count-- > 0) append(byte);
  return *this;
}

TextBuilder& TextBuilder::zero_padded(uint64_t value, size_t digits) {
  char buffer[20];
  size_t at = sizeof buffer;
  do {
    buffer[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  const size_t length = sizeof buffer - at;
  if (digits > length) fill('0', digits - length);
  return append(std::string_view(buffer + at, length));
}

TextBuilder& TextBuilder::number(uint64_t value) { return zero_padded(value, 1); }

TextBuilder& TextBuilder::hex(uint64_t value, size_t digits) {
  while (digits-- > 0) append(kHexDigits[digits < 16 ? value >> (4 * digits) & 15 : 0]);
  return *this;
}

TextBuilder& TextBuilder::fraction(uint64_t dividend, uint64_t divisor, unsigned decimals) {
  number(dividend / divisor);
  if (decimals == 0) return *this;
  append('.');
  uint64_t rest = dividend % divisor;
  for (; decimals > 0; --decimals) {
    rest *= 10;
    append(static_cast<char>('0' + static_cast<int>(rest / divisor)));
    rest %= divisor;
  }
  return *this;
}

TextBuilder& TextBuilder::size(uint64_t bytes) {
  constexpr std::string_view kUnits = "KMGTPE";
  if (bytes < 1024) return number(bytes);
  unsigned unit = 0;
  while (unit + 1 < kUnits.size() && bytes >> (10 * (unit + 2)) != 0) ++unit;
  const uint64_t divisor = uint64_t{1} << (10 * (unit + 1));
  const uint64_t whole = bytes / divisor;
  return fraction(bytes, divisor, whole < 10 ? 2 : whole < 100 ? 1 : 0).append(kUnits[unit]);
}

TextBuilder& TextBuilder::printable(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    const std::string_view sequence(text.data(), length == 0 ? 1 : length);
    append(length == 0 || is_control(sequence) ? "?"sv : sequence);
    text.remove_prefix(sequence.size());
  }
  return *this;
}

TextBuilder& TextBuilder::json_string(std::string_view text) {
  append('"');
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    const std::string_view sequence(text.data(), length == 0 ? 1 : length);
    const char byte = sequence[0];
    if (byte == '"' || byte == '\\') {
      append('\\').append(byte);
    } else if (length == 0 || is_control(sequence)) {
      // A C1 control is two bytes; its code point is the second one.
      append("\\u00"sv).hex(static_cast<unsigned char>(sequence[sequence.size() - 1]), 2);
    } else {
      append(sequence);
    }
    text.remove_prefix(sequence.size());
  }
  return append('"');
}

TextBuilder& TextBuilder::align_right(size_t start, size_t width) {
  const size_t length = size_ - start;
  if (length >= width) return *this;
  const size_t blanks = width - length;
  fill(' ', blanks);
  if (truncated_) return *this;
  // From behind the text in front of it.
  std::reverse(data_ + start, data_ + start + length);
  std::reverse(data_ + start, data_ + size_);
  return *this;
}

TextBuilder& TextBuilder::align_left(size_t start, size_t width) {
  const size_t length = size_ - start;
  return length >= width ? *this : fill(' ', width - length);
}

void TextBuilder::clear() {
  size_ = 0;
  truncated_ = false;
}

std::string_view TextBuilder::release() {
  const std::string_view kept = text();
  data_ = nullptr;
  size_ = capacity_ = 0;
  truncated_ = fixed_ = false;
  return kept;
}

}  // namespace seqshim
