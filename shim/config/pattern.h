// SEQSHIM_MATCH and SEQSHIM_READ: which files the shim manages.
#pragma once

#include <cstddef>
#include <string_view>

namespace seqshim {

/// Colon-separated globs, held against a file's absolute path as the kernel names it. The last one
/// that matches decides; one with a leading `!` excludes. A list of excludes only matches nothing.
///
///   *.tar           no slash: held against the file name
///   /backup/*       begins with a slash: held against the whole path
///   */out/*.tar     begins with a star and has a slash: likewise
///   out/*.tar       has a slash somewhere else: as if it began with `*/`, in any directory;
///                   a `./` in front is ignored
///   /backup/        ends in a slash: everything below, as if it ended in `/*`
///
/// `*` matches any run of bytes, also across `/`; `?` any one byte; `[a-z]` a set, `[!a-z]` or
/// `[^a-z]` all others (`]` right after the opening is a member; no `[:classes:]`, no closing
/// bracket: a plain `[`). A backslash quotes the next byte, also `\:` a colon and `\!` a leading
/// exclamation mark. Empty patterns are skipped.
///
/// The text must outlive the list. Matching takes pattern times path in the worst case, usually
/// little more than one look at the first byte; it never is exponential.
class PatternList {
 public:
  constexpr PatternList() = default;
  explicit constexpr PatternList(std::string_view text) : text_(text) {}

  bool empty() const { return text_.empty(); }
  bool matches(std::string_view absolute_path) const;

  /// Lets a pattern like /backup/* hold although /backup is a symbolic link (or has `//`, `..` in
  /// it), since only the kernel's name of a file is ever matched: the directory in front of the
  /// first wildcard is looked up, and if the kernel names it otherwise, the pattern holds for both
  /// spellings. Of a directory that doesn't exist now the part that does is looked up. Call it
  /// once, before the first match and under a lock; again, it does nothing. Raw system calls and
  /// one mapping, which stays for good; 8 KiB of stack.
  void resolve_directories();

 private:
  std::string_view text_;
  bool resolved_ = false;
};

}  // namespace seqshim
