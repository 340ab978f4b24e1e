// Copying to memory that a device will read next, and this processor won't.
#pragma once

#include <cstddef>
#include <cstring>

namespace seqshim {

/// As memcpy, past the processor's caches where it can: nothing in them has to make room, and the
/// target needs not be fetched before it is overwritten. The two don't overlap.
void copy_streaming(void* target, const void* source, size_t bytes);

/// Bytes of one write from which on it pays: of 64 KiB and more, a third of the CPU time, and at
/// most a twentieth of the speed, since the device reads caches faster than memory. Of 10 KiB,
/// memcpy is as cheap, and faster.
inline constexpr size_t kWorthStreaming = 32 << 10;

inline void copy_for_device(void* target, const void* source, size_t bytes) {
  if (bytes < kWorthStreaming)
    std::memcpy(target, source, bytes);
  else
    copy_streaming(target, source, bytes);
}

}  // namespace seqshim
