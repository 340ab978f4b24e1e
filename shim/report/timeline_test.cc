#include "shim/report/timeline.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <thread>

namespace seqshim {
namespace {

constexpr uint64_t kMs = 1'000'000;
constexpr uint64_t kStart = 5'000'000'000;

class TimelineTest : public testing::Test {
 protected:
  TimelineTest() { timeline_.begin(kStart, 1790000000000); }

  uint64_t landed() const {
    uint64_t sum = 0;
    for (size_t i = 0; i < timeline_.count(); ++i) sum += timeline_[i].landed;
    return sum;
  }
  uint64_t waited() const {
    uint64_t sum = 0;
    for (size_t i = 0; i < timeline_.count(); ++i) sum += timeline_[i].wait_ns;
    return sum;
  }

  Timeline timeline_;
};

TEST(TimelineZeroTest, ZeroHasNotBegun) {
  alignas(Timeline) unsigned char zeros[sizeof(Timeline)] = {};
  EXPECT_FALSE(reinterpret_cast<Timeline*>(zeros)->begun());
  static constinit Timeline timeline;
  EXPECT_EQ(memcmp(&timeline, zeros, sizeof zeros), 0);
}

TEST_F(TimelineTest, BeginsWithMilliseconds) {
  EXPECT_TRUE(timeline_.begun());
  EXPECT_EQ(timeline_.calendar_start_ms(), 1790000000000u);
  EXPECT_EQ(timeline_.count(), 0u);
  timeline_.note_written(10, kStart);
  timeline_.note_landed(7, kStart + kMs - 1);
  timeline_.note_landed(3, kStart + kMs);
  ASSERT_EQ(timeline_.count(), 2u);
  EXPECT_EQ(timeline_.width_ns(), kMs);
  EXPECT_EQ(timeline_[0].written, 10u);
  EXPECT_EQ(timeline_[0].landed, 7u);
  EXPECT_EQ(timeline_[1].landed, 3u);
}

TEST_F(TimelineTest, WidthDoublesWhenAllAreFull) {
  for (uint64_t i = 0; i < Timeline::kBuckets; ++i) timeline_.note_landed(i, kStart + i * kMs);
  EXPECT_EQ(timeline_.width_ns(), kMs);
  timeline_.note_landed(1000, kStart + Timeline::kBuckets * kMs);
  EXPECT_EQ(timeline_.width_ns(), 2 * kMs);
  ASSERT_EQ(timeline_.count(), Timeline::kBuckets / 2 + 1);
  EXPECT_EQ(timeline_[0].landed, 0u + 1);
  EXPECT_EQ(timeline_[31].landed, 62u + 63);
  EXPECT_EQ(timeline_[32].landed, 1000u);
}

TEST_F(TimelineTest, NothingIsLostOverAnHour) {
  for (uint64_t second = 0; second <= 3600; ++second)
    timeline_.note_landed(1, kStart + second * 1000 * kMs);
  EXPECT_EQ(landed(), 3601u);
  EXPECT_LE(timeline_.count(), Timeline::kBuckets);
  EXPECT_GT(timeline_.count(), Timeline::kBuckets / 2);
}

TEST_F(TimelineTest, ALongLeapDoublesOften) {
  timeline_.note_written(1, kStart);
  timeline_.note_written(2, kStart + (uint64_t{1} << 62));
  EXPECT_EQ(timeline_[0].written, 1u);
  EXPECT_EQ(timeline_[timeline_.count() - 1].written, 2u);
}

TEST_F(TimelineTest, WhatCameBeforeItBeganIsItsBeginning) {
  timeline_.note_landed(4, kStart - 1);
  EXPECT_EQ(timeline_[0].landed, 4u);
  timeline_.note_wait(kStart - 10, kStart + 5);
  EXPECT_EQ(timeline_[0].wait_ns, 5u);
  timeline_.note_wait(kStart - 10, kStart - 5);
  EXPECT_EQ(timeline_[0].wait_ns, 5u);
}

TEST_F(TimelineTest, AWaitIsSpreadOverItsBuckets) {
  timeline_.note_wait(kStart + kMs / 2, kStart + 3 * kMs);
  EXPECT_EQ(timeline_[0].wait_ns, kMs / 2);
  EXPECT_EQ(timeline_[1].wait_ns, kMs);
  EXPECT_EQ(timeline_[2].wait_ns, kMs);
  EXPECT_EQ(timeline_[3].wait_ns, 0u);
}

TEST_F(TimelineTest, AWaitLongerThanAllBucketsIsWhole) {
  timeline_.note_wait(kStart + 1, kStart + 1000 * kMs);
  EXPECT_EQ(waited(), 1000 * kMs - 1);
  EXPECT_GE(timeline_.width_ns(), 16 * kMs);
}

TEST_F(TimelineTest, TheEndCountsWhenNothingHappens) {
  timeline_.note_landed(1, kStart);
  timeline_.end(kStart + 10 * kMs);
  EXPECT_EQ(timeline_.count(), 11u);
  EXPECT_EQ(timeline_.lasted_ns(), 10 * kMs);
}

TEST_F(TimelineTest, BeginningAnewForgets) {
  timeline_.note_landed(1, kStart + 1000 * kMs);
  timeline_.begin(kStart + 2000 * kMs, 1);
  EXPECT_EQ(timeline_.count(), 0u);
  EXPECT_EQ(timeline_.width_ns(), kMs);
  timeline_.note_written(1, kStart + 2000 * kMs);
  EXPECT_EQ(landed(), 0u);
}

TEST_F(TimelineTest, ThreadsShareIt) {
  constexpr uint64_t kTimes = 10000;
  const auto work = [this](uint64_t offset) {
    for (uint64_t i = 0; i < kTimes; ++i) timeline_.note_landed(1, kStart + offset + i * kMs / 10);
  };
  std::thread other(work, 7);
  work(0);
  other.join();
  EXPECT_EQ(landed(), 2 * kTimes);
}

}  // namespace
}  // namespace seqshim
