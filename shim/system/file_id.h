// Which file a descriptor leads to: numbers may be closed and taken anew behind our back, names
// lead elsewhere, but this stays as long as the file is there.
#pragma once

#include <errno.h>
#include <sys/stat.h>

#include <cstdint>

#include "shim/system/syscalls.h"

namespace seqshim {

/// Zero is no file.
struct FileId {
  uint64_t device, inode;

  bool operator==(const FileId&) const = default;
  /// Any order, as long as it is one.
  bool operator<(const FileId& other) const {
    return inode != other.inode ? inode < other.inode : device < other.device;
  }
};

inline FileId id_of(const struct stat& facts) { return {facts.st_dev, facts.st_ino}; }

/// Evenly spread: files of one directory have neighbouring numbers.
inline uint32_t hash_of(const FileId& file) {
  return static_cast<uint32_t>(((file.inode ^ file.device << 32) * 0x9e3779b97f4a7c15) >> 32);
}

/// Whether a descriptor, of which fstat said that, is open on that file. A server that can't be
/// asked doesn't make it another's.
inline bool is_still_open_on(long result, const struct stat& facts, const FileId& file) {
  return result == 0 ? id_of(facts) == file : result != -EBADF;
}

/// Whether `fd` is open, and on that file.
inline bool is_open_on(int fd, const FileId& file) {
  struct stat facts;
  const long result = sys::call_with(__NR_fstat, fd, &facts);
  return is_still_open_on(result, facts, file);
}

}  // namespace seqshim
