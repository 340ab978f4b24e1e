// The pieces that the exported functions of libseqshim-profile.so are made of.
#pragma once

#include "shim/profile/next.h"
#include "shim/profile/recorder.h"
#include "shim/system/exported.h"

namespace seqshim::profiling {

/// Makes `call`, which writes to `fd` and returns how many bytes, and notes it.
template <class Call>
auto watch_write(int fd, Via via, int64_t offset, size_t asked, Call call) -> decltype(call()) {
  Sighting sighting{};
  if (!before_write(sighting, fd, offset, asked)) return call();
  const auto written = call();
  after_write(sighting, via, written);
  return written;
}

/// Makes `call`, which writes where *offset says and advances it, or at the position. What it
/// points to isn't looked at before the kernel has.
template <class Call>
auto watch_copy(int fd, Via via, const off64_t* offset, Call call) -> decltype(call()) {
  if (offset == nullptr) return watch_write(fd, via, kAtPosition, kAnyNumber, call);
  Sighting sighting{};
  if (!before_write(sighting, fd, 0, kAnyNumber)) return call();
  const auto written = call();
  if (written > 0 && !sighting.appends) sighting.offset = *offset - written;
  after_write(sighting, via, written);
  return written;
}

template <class Call>
int watch_sync(int fd, Call call) {
  Sighting sighting{};
  if (!before_sync(sighting, fd)) return call();
  const int result = call();
  after_sync(sighting);
  return result;
}

/// Makes `call`, which locks `fd` or not.
template <class Call>
int watch_lock(int fd, Call call) {
  const int result = call();
  if (result == 0) note_lock(fd);
  return result;
}

}  // namespace seqshim::profiling
