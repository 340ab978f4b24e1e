// Notes the calls by which the program writes. All of it may be called at any time, from signal
// handlers and from vfork's children, and leaves errno alone; where there is no memory to note
// anything in, it does nothing.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "shim/profile/state.h"

namespace seqshim::profiling {

inline constexpr int64_t kAtPosition = INT64_MIN;
inline constexpr size_t kAnyNumber = SIZE_MAX;

/// What is known of a call on a regular file before it is made.
struct Sighting {
  State* state;
  int fd;
  FileNumber file;
  int64_t offset;    // where it will begin
  bool at_position;  // which will move
  bool appends;      // wherever it is told to write, it does at the end
  size_t asked;      // bytes, or kAnyNumber: the call has no certain number to write
  uint64_t start_ns;
};

/// Before a write of so many bytes at `offset`, or kAtPosition. False: it isn't to be noted.
bool before_write(Sighting& sighting, int fd, int64_t offset, size_t asked);

/// After it: what the call returned.
void after_write(const Sighting& sighting, Via via, ssize_t written);

/// Before a call by which a file is written to disk, and after it.
bool before_sync(Sighting& sighting, int fd);
void after_sync(const Sighting& sighting);

/// `fd` is about to be closed or replaced, or its flags have changed.
void forget(int fd);

/// The file has been locked.
void note_lock(int fd);

}  // namespace seqshim::profiling
