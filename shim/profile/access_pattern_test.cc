#include "shim/profile/access_pattern.h"

#include <gtest/gtest.h>

namespace seqshim::profiling {
namespace {

/// A file that is written as told, by calls of 10 ns each that follow one another after 5.
class Written {
 public:
  void write(int64_t offset, uint64_t bytes) { write(offset, bytes, bytes); }
  void write(int64_t offset, uint64_t asked, uint64_t written) {
    pattern.note({offset, asked, written, time_, time_ + 10});
    time_ += 15;
  }

  AccessPattern pattern{};

 private:
  uint64_t time_ = 1000;
};

TEST(AccessPattern, SequentialWritesAreOneRun) {
  Written file;
  for (int i = 0; i < 10; ++i) file.write(i * 100, 100);
  EXPECT_EQ(file.pattern.calls, 10U);
  EXPECT_EQ(file.pattern.bytes, 1000U);
  EXPECT_EQ(file.pattern.runs, 1U);
  EXPECT_EQ(file.pattern.longest_run, 1000U);
  EXPECT_EQ(file.pattern.seeks_back + file.pattern.seeks_ahead, 0U);
  EXPECT_EQ(file.pattern.rewrites + file.pattern.holes, 0U);
  EXPECT_EQ(file.pattern.end, 1000);
}

TEST(AccessPattern, ASeekBackRewritesUpToTheEnd) {
  Written file;
  file.write(0, 1000);
  file.write(900, 300);
  EXPECT_EQ(file.pattern.seeks_back, 1U);
  EXPECT_EQ(file.pattern.rewrites, 1U);
  EXPECT_EQ(file.pattern.rewritten_bytes, 100U);
  EXPECT_EQ(file.pattern.end, 1200);
  file.write(0, 10);
  EXPECT_EQ(file.pattern.rewritten_bytes, 110U);
  EXPECT_EQ(file.pattern.end, 1200);
  EXPECT_EQ(file.pattern.runs, 3U);
  EXPECT_EQ(file.pattern.longest_run, 1000U);
}

TEST(AccessPattern, ASeekBeyondTheEndLeavesAHole) {
  Written file;
  file.write(0, 100);
  file.write(500, 100);
  EXPECT_EQ(file.pattern.seeks_ahead, 1U);
  EXPECT_EQ(file.pattern.holes, 1U);
  EXPECT_EQ(file.pattern.hole_bytes, 400U);
  // What is filled in later is written below the end.
  file.write(100, 400);
  EXPECT_EQ(file.pattern.holes, 1U);
  EXPECT_EQ(file.pattern.rewritten_bytes, 400U);
}

TEST(AccessPattern, AFileThatExistsIsRewritten) {
  Written file;
  file.pattern.refresh(150);
  file.write(0, 100);
  file.write(100, 100);
  EXPECT_EQ(file.pattern.rewrites, 2U);
  EXPECT_EQ(file.pattern.rewritten_bytes, 150U);
  EXPECT_EQ(file.pattern.runs, 1U);
}

TEST(AccessPattern, AFileThatIsCutShortIsBegunAnew) {
  Written file;
  file.write(0, 100);
  file.pattern.refresh(0);
  file.write(0, 100);
  EXPECT_EQ(file.pattern.seeks_back, 0U);
  EXPECT_EQ(file.pattern.rewrites, 0U);
  EXPECT_EQ(file.pattern.runs, 1U);
}

TEST(AccessPattern, WhatOthersAppendIsNoSeek) {
  Written file;
  file.write(0, 100);
  file.pattern.refresh(250);
  file.write(250, 100);
  EXPECT_EQ(file.pattern.seeks_ahead, 0U);
  EXPECT_EQ(file.pattern.holes, 0U);
  EXPECT_EQ(file.pattern.end, 350);
  // But from the middle of the file it is one.
  file.write(0, 10);
  file.pattern.refresh(400);
  file.write(400, 10);
  EXPECT_EQ(file.pattern.seeks_ahead, 1U);
  EXPECT_EQ(file.pattern.holes, 0U);
}

TEST(AccessPattern, AlignmentsAreCountedApart) {
  Written file;
  file.write(0, 4096);
  file.write(4096, 512);
  file.write(4608, 100);
  EXPECT_EQ(file.pattern.to_512.both, 2U);
  EXPECT_EQ(file.pattern.to_512.offsets, 3U);
  EXPECT_EQ(file.pattern.to_4096.both, 1U);
  EXPECT_EQ(file.pattern.to_4096.offsets, 2U);
  EXPECT_EQ(file.pattern.to_4096.sizes, 1U);
}

TEST(AccessPattern, ShortCallsCountWhatTheyWrote) {
  Written file;
  file.write(0, 100, 60);
  file.write(60, 0, 0);
  EXPECT_EQ(file.pattern.calls, 2U);
  EXPECT_EQ(file.pattern.short_calls, 1U);
  EXPECT_EQ(file.pattern.bytes, 60U);
  EXPECT_EQ(file.pattern.sizes.count[0], 1U);
  EXPECT_EQ(file.pattern.position, 60);
}

TEST(AccessPattern, TimesAreThoseOfTheCallsAndBetweenThem) {
  Written file;
  for (int i = 0; i < 3; ++i) file.write(i, 1);
  EXPECT_EQ(file.pattern.write_ns, 30U);
  EXPECT_EQ(file.pattern.longest_write_ns, 10U);
  EXPECT_EQ(file.pattern.gaps.total(), 2U);
  EXPECT_EQ(file.pattern.gaps.commonest(), 3U);  // 4 to 7
  EXPECT_EQ(file.pattern.first_ns, 1000U);
  EXPECT_EQ(file.pattern.last_ns, 1040U);
}

TEST(AccessPattern, TwoOfThemAddUp) {
  Written one, other;
  one.write(0, 100);
  other.write(0, 5000);
  other.write(0, 50);
  AccessPattern sum{};
  sum.add(one.pattern);
  sum.add(other.pattern);
  EXPECT_EQ(sum.calls, 3U);
  EXPECT_EQ(sum.bytes, 5150U);
  EXPECT_EQ(sum.runs, 3U);
  EXPECT_EQ(sum.longest_run, 5000U);
  EXPECT_EQ(sum.seeks_back, 1U);
  EXPECT_EQ(sum.rewritten_bytes, 50U);
  EXPECT_EQ(sum.first_ns, 1000U);
  EXPECT_EQ(sum.last_ns, 1025U);
}

}  // namespace
}  // namespace seqshim::profiling
