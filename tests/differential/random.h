// A small seeded generator (splitmix64): the same sequence on every machine and library.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace differential {

class Random {
 public:
  // Mixed: from neighbouring seeds themselves would come one sequence, shifted by a place.
  explicit Random(uint64_t seed) : state_(mix(mix(seed) + 1)) {}

  uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15U); }
  /// Uniform in [0, bound).
  int64_t below(int64_t bound) {
    return static_cast<int64_t>(next() % static_cast<uint64_t>(bound));
  }
  int64_t between(int64_t first, int64_t last) { return first + below(last - first + 1); }
  bool percent(int64_t chance) { return below(100) < chance; }
  int64_t pick(std::initializer_list<int64_t> values) {
    return values.begin()[below(static_cast<int64_t>(values.size()))];
  }

 private:
  static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
  }

  uint64_t state_;
};

}  // namespace differential
