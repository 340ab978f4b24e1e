// Building text where there is no heap, no stdio and no locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace seqshim {

/// The length of the valid UTF-8 sequence that `text`, which isn't empty, begins with; 0: there is
/// none. No overlong forms, no surrogates, nothing above U+10FFFF.
size_t utf8_length(std::string_view text);

/// Appends text to a buffer: either a mapping of its own that grows, or an array of the caller's.
/// What no longer fits is cut off, and so is everything after it: the text is always a prefix of
/// what was meant. Raw system calls only.
class TextBuilder {
 public:
  constexpr TextBuilder() = default;
  /// Writes into `buffer` and never beyond `capacity`; there is no terminating zero.
  constexpr TextBuilder(char* buffer, size_t capacity)
      : data_(buffer), capacity_(capacity), fixed_(true) {}
  ~TextBuilder();
  TextBuilder(const TextBuilder&) = delete;
  TextBuilder& operator=(const TextBuilder&) = delete;

  TextBuilder& append(std::string_view text);
  TextBuilder& append(char byte) { return append(std::string_view(&byte, 1)); }
  TextBuilder& fill(char byte, size_t count);
  TextBuilder& number(uint64_t value);
  /// At least `digits` digits, zeros in front.
  TextBuilder& zero_padded(uint64_t value, size_t digits);
  /// Lower case, exactly `digits` of them.
  TextBuilder& hex(uint64_t value, size_t digits);
  /// A quotient with `decimals` digits after the point, rounded down. The divisor is at least 1 and
  /// at most 2^60.
  TextBuilder& fraction(uint64_t dividend, uint64_t divisor, unsigned decimals);
  /// Three significant digits or so: 512, 9.76K, 1.00M, 12.5G.
  TextBuilder& size(uint64_t bytes);
  /// For a terminal or a log: bytes outside printable ASCII become '?'; valid UTF-8 stays.
  TextBuilder& printable(std::string_view text);
  /// A JSON string with its quotes; bytes that aren't UTF-8 become \u00XX.
  TextBuilder& json_string(std::string_view text);

  /// Everything appended since `start` (an earlier length()) moves right in a column of `width`.
  TextBuilder& align_right(size_t start, size_t width);
  /// Blanks up to `width` columns after `start`.
  TextBuilder& align_left(size_t start, size_t width);

  std::string_view text() const { return {data_, size_}; }
  size_t length() const { return size_; }
  bool truncated() const { return truncated_; }
  void clear();
  /// The text outlives the builder, for good: the builder starts anew.
  std::string_view release();

 private:
  bool reserve(size_t more);

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  bool fixed_ = false;
  bool truncated_ = false;
};

}  // namespace seqshim
