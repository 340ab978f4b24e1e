// What a path names, and where a file of that name lies or would lie.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

namespace seqshim {

struct Place {
  enum class Kind : uint8_t {
    kUnreachable,  // `trouble` says why
    kDirectory,
    kFile,
    kNothing,  // a file could be made there
    kOther,    // `trouble` says what
  };
  Kind kind = Kind::kUnreachable;
  std::string given;
  std::string trouble;

  // Unless it is unreachable.
  std::string directory;  // as the kernel names it
  bool directory_writable = false;
  std::string name;  // of the file, as the kernel names it; empty for a directory

  // Of a file.
  struct stat facts {};
  bool writable = false;
  bool append_only = false, immutable = false, compressed = false;
  bool is_swap = false;
  std::string lock;  // that another process holds, in words; empty: none
};

/// Follows symbolic links. Opens nothing: whoever watches the file, or holds a lease of it, doesn't
/// notice.
Place look_at_place(const std::string& path);

/// Whether a line of /proc/locks is of a lock of that file for which the shim leaves a file alone;
/// then what it says of it: "a POSIX lock of process 123".
std::string lock_in_line(const std::string& line, const struct stat& file);

/// As /proc/swaps and mountinfo write paths: \040 for a blank.
std::string without_octal(const std::string& text);

}  // namespace seqshim
