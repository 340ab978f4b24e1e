// What record number `number` of a lane consists of: a stream of its own, without a zero byte, so
// that holes, strange bytes and records in the wrong place can be told.
#pragma once

#include <cstdint>
#include <cstring>

namespace kills {

inline void fill(uint8_t* out, size_t length, uint64_t seed, int lane, uint64_t number) {
  const auto mix = [](uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
  };
  const uint64_t key =
      mix(seed * 2 + static_cast<uint64_t>(lane) + 1) + number * 0x9e3779b97f4a7c15U;
  for (size_t at = 0; at < length; at += 8) {
    const uint64_t word = mix(key ^ (at << 20)) | 0x0101010101010101U;
    std::memcpy(out + at, &word, length - at < 8 ? length - at : 8);
  }
}

}  // namespace kills
