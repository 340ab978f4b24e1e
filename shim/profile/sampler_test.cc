#include "shim/profile/sampler.h"

#include <gtest/gtest.h>

namespace seqshim::profiling {
namespace {

/// Draws from two kinds of calls that take turns: one large one after nine small ones.
struct Estimates {
  explicit Estimates(uint32_t every) { sampler.start(every, 12345); }

  void run(int calls, uint64_t interval_ns, uint64_t cost_ns) {
    for (int i = 0; i < calls; ++i) {
      now += interval_ns;
      const bool is_large = i % 10 == 9;
      const uint64_t bytes = is_large ? 100'000 : 100;
      const double weight = sampler.draw(bytes, 50, now);
      if (weight == 0) continue;
      ++samples;
      sampler.spent(cost_ns);
      (is_large ? large : small) += weight;
    }
  }

  Sampler sampler{};
  uint64_t now = 1;
  int samples = 0;
  double small = 0, large = 0;
};

TEST(Sampler, EachCallIfAskedFor) {
  Estimates estimates(1);
  estimates.run(1000, 100, 5000);
  EXPECT_EQ(estimates.samples, 1000);
  EXPECT_EQ(estimates.small, 900);
  EXPECT_EQ(estimates.large, 100);
}

TEST(Sampler, EstimatesComeOutRight) {
  Estimates estimates(100);
  estimates.run(1'000'000, 100, 5000);
  EXPECT_NEAR(estimates.small, 900'000, 45'000);
  EXPECT_NEAR(estimates.large, 100'000, 5'000);
  // The large ones more often than the others.
  EXPECT_GT(estimates.samples, 10'000);
  EXPECT_LT(estimates.samples, 30'000);
}

TEST(Sampler, KeepsToAShareOfTheTime) {
  Estimates estimates(0);
  estimates.run(1'000'000, 1000, 3000);
  const double share = estimates.samples * 3000.0 / static_cast<double>(estimates.now);
  EXPECT_GT(share, 0.015);
  EXPECT_LT(share, 0.05);
  EXPECT_NEAR(estimates.small, 900'000, 45'000);
  EXPECT_NEAR(estimates.large, 100'000, 5'000);
}

TEST(Sampler, LooksAtEachOfRareCalls) {
  Estimates estimates(0);
  estimates.run(100, 10'000'000, 3000);
  EXPECT_EQ(estimates.samples, 100);
}

}  // namespace
}  // namespace seqshim::profiling
