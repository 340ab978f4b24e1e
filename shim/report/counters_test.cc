#include "shim/report/counters.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace seqshim {
namespace {

TEST(SizeHistogramTest, BucketsArePowersOfTwo) {
  SizeHistogram sizes;
  for (const uint64_t bytes : {0, 1, 2, 3, 4, 4095, 4096, 8191}) sizes.note(bytes);
  EXPECT_EQ(sizes.count[0], 1u);
  EXPECT_EQ(sizes.count[1], 1u);
  EXPECT_EQ(sizes.count[2], 2u);
  EXPECT_EQ(sizes.count[3], 1u);
  EXPECT_EQ(sizes.count[12], 1u);
  EXPECT_EQ(sizes.count[13], 2u);
  EXPECT_EQ(sizes.total(), 8u);
}

TEST(SizeHistogramTest, TheLastBucketTakesAllTheRest) {
  SizeHistogram sizes;
  sizes.note((uint64_t{1} << 31) - 1);
  sizes.note(uint64_t{1} << 31);
  sizes.note(UINT64_MAX);
  EXPECT_EQ(sizes.count[31], 1u);
  EXPECT_EQ(sizes.count[32], 2u);
}

TEST(SizeHistogramTest, LowerBoundsAreTheLeastSizes) {
  EXPECT_EQ(SizeHistogram::lower_bound(0), 0u);
  EXPECT_EQ(SizeHistogram::lower_bound(1), 1u);
  EXPECT_EQ(SizeHistogram::lower_bound(13), 4096u);
  EXPECT_EQ(SizeHistogram::lower_bound(32), uint64_t{1} << 31);
}

TEST(SizeHistogramTest, TheCommonestBucketIsFound) {
  SizeHistogram sizes;
  EXPECT_EQ(sizes.commonest(), 0u);
  sizes.note(512);
  EXPECT_EQ(sizes.commonest(), 10u);
  sizes.note(10240);
  sizes.note(10240);
  EXPECT_EQ(sizes.commonest(), 14u);
}

TEST(CountersTest, AddSumsEveryField) {
  Counters one;
  one.writes.note(64);
  one.direct_writes.note(1 << 20);
  one.bytes_written = 1;
  one.jumps = 2;
  one.bytes_direct = 3;
  one.bytes_buffered = 4;
  one.bytes_passed = 5;
  one.calls_passed = 6;
  one.drains = 7;
  one.waits = 8;
  one.wait_ns = 9;
  one.errors = 10;
  one.hand_backs[2] = 11;
  Counters sum = one;
  sum.add(one);
  EXPECT_EQ(sum.writes.count[7], 2u);
  EXPECT_EQ(sum.direct_writes.count[21], 2u);
  EXPECT_EQ(sum.bytes_written, 2u);
  EXPECT_EQ(sum.jumps, 4u);
  EXPECT_EQ(sum.bytes_direct, 6u);
  EXPECT_EQ(sum.bytes_buffered, 8u);
  EXPECT_EQ(sum.bytes_passed, 10u);
  EXPECT_EQ(sum.calls_passed, 12u);
  EXPECT_EQ(sum.drains, 14u);
  EXPECT_EQ(sum.waits, 16u);
  EXPECT_EQ(sum.wait_ns, 18u);
  EXPECT_EQ(sum.errors, 20u);
  EXPECT_EQ(sum.hand_backs[2], 22u);
}

TEST(NamesTest, EachReasonAndRungHasItsOwn) {
  std::set<std::string> names;
  for (int i = 0; i < static_cast<int>(HandBack::kCount); ++i) {
    names.emplace(name_of(static_cast<HandBack>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(HandBack::kCount));
  EXPECT_EQ(name_of(HandBack::kNone), "none");
  EXPECT_EQ(name_of(HandBack::kMemoryFs), "memory-fs");
  EXPECT_EQ(name_of(HandBack::kAsync), "async");
  EXPECT_EQ(name_of(Rung::kDirect), "direct");
  EXPECT_EQ(name_of(Rung::kPlain), "plain");
  EXPECT_EQ(name_of(HandBack::kCount), "unknown");
}

}  // namespace
}  // namespace seqshim
