// SEQSHIM_MATCH: which files the shim manages.
#pragma once

#include <cstddef>
#include <string_view>

namespace seqshim {

/// Colon-separated globs. One with a slash is held against the absolute path, one without against
/// the file name; `*` matches any run of bytes, also across `/`; `?` any one byte; `[...]` a set;
/// a backslash quotes. A leading `!` excludes. The last pattern that matches decides.
/// The text must outlive the list. Matching is linear in pattern times path, never exponential.
class PatternList {
 public:
  constexpr PatternList() = default;
  explicit constexpr PatternList(std::string_view text) : text_(text) {}

  bool empty() const { return text_.empty(); }
  bool matches(std::string_view absolute_path) const;

 private:
  std::string_view text_;
};

}  // namespace seqshim
