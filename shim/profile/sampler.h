// Which write calls have their call site looked at, and what each of those stands for.
#pragma once

#include <algorithm>
#include <cstdint>

namespace seqshim::profiling {

/// Calls are drawn at random, those that write more or take longer than the mean the more likely:
/// one in so many
/// as was asked for, or as many as cost some 2 to 4 % of the time that goes by. What one that was
/// drawn stands for is one over the probability that it had, so that sums over all of them come out
/// right on average, whichever calls take turns with which. Not thread-safe. Zero is no state:
/// start() first.
class Sampler {
 public:
  /// `every` 0: by cost.
  void start(uint32_t every, uint64_t seed) {
    every_ = every;
    random_ = seed | 1;
  }

  /// How many calls this one stands for, which wrote `bytes`, took `write_ns` and ended at
  /// `now_ns`; 0: it isn't to be looked at.
  double draw(uint64_t bytes, uint64_t write_ns, uint64_t now_ns) {
    const auto size = static_cast<double>(bytes), spent = static_cast<double>(write_ns);
    if (start_ns_ == 0) start_ns_ = now_ns;
    if (last_ns_ != 0) approach(interval_ns_, static_cast<double>(now_ns - last_ns_), 64);
    last_ns_ = now_ns;
    approach(size_, size, 64);
    approach(write_ns_, spent, 64);
    const double stride = every_ != 0 ? every_ : stride_by_cost(now_ns);
    if (stride <= 1) return 1;
    const double share = std::max({1.0, ratio(size, size_), ratio(spent, write_ns_)});
    const double probability = std::min(1.0, share / stride);
    return next_fraction() < probability ? 1 / probability : 0;
  }

  /// After a call was looked at: what that has cost. The first time costs more than any later one.
  void spent(uint64_t cost_ns) {
    if (spent_ns_ > 0) approach(cost_ns_, static_cast<double>(cost_ns), 8);
    spent_ns_ += static_cast<double>(cost_ns);
  }

 private:
  static constexpr double kLeastShare = 0.02;  // of the time

  /// A mean in which the last `weight` values or so count.
  static void approach(double& mean, double value, double weight) {
    mean = mean == 0 ? value : mean + (value - mean) / weight;
  }

  static double ratio(double value, double mean) { return mean > 0 ? value / mean : 1; }

  double stride_by_cost(uint64_t now_ns) const {
    if (interval_ns_ == 0) return 1;
    const double stride = cost_ns_ / (interval_ns_ * kLeastShare);
    // Calls that come in bursts pull the mean interval down only after a while. To get to know a
    // short program is worth half a millisecond.
    const double budget = static_cast<double>(now_ns - start_ns_) * kLeastShare * 1.5 + 500'000;
    return spent_ns_ > budget ? stride * 16 : stride;
  }

  /// From 0 up to 1. Marsaglia's xorshift: quality enough, and state of one word.
  double next_fraction() {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return static_cast<double>(random_ >> 11) * 0x1p-53;
  }

  uint64_t random_;
  uint64_t start_ns_, last_ns_;
  double size_, write_ns_, interval_ns_;  // means over calls
  double cost_ns_, spent_ns_;             // of those that were looked at: the mean, and the sum
  uint32_t every_;
};

}  // namespace seqshim::profiling
