#include "shim/cli/report/format.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

TEST(FormatTest, WholeNumbersHaveAnEnd) {
  EXPECT_EQ(whole(0.99), 0u);
  EXPECT_EQ(whole(3.7), 3u);
  EXPECT_EQ(whole(0x1p63), uint64_t{1} << 63);
  EXPECT_EQ(whole(0x1p64), UINT64_MAX);
  EXPECT_EQ(whole(1e300), UINT64_MAX);
}

TEST(FormatTest, Sizes) {
  EXPECT_EQ(short_size(0), "0");
  EXPECT_EQ(short_size(10000), "9.76K");
  EXPECT_EQ(long_size(1023), "1023 B");
  EXPECT_EQ(long_size(1 << 20), "1.00 MiB");
  EXPECT_EQ(long_size(UINT64_MAX), "15.9 EiB");
}

TEST(FormatTest, Durations) {
  EXPECT_EQ(duration(0), "0.000 s");
  EXPECT_EQ(duration(9.9994), "9.999 s");
  EXPECT_EQ(duration(12.34), "12.3 s");
  EXPECT_EQ(duration(245), "4 min 05 s");
  EXPECT_EQ(duration(3600 * 3 + 60 * 7), "3 h 07 min");
}

TEST(FormatTest, Ratios) {
  EXPECT_EQ(ratio(2, 3.4), "1.70");
  EXPECT_EQ(ratio(2, 0), "0.00");
  EXPECT_EQ(ratio(0.001, 1.2345), "1,234");
  EXPECT_EQ(ratio(1e-9, 1e30), "18,446,744,073,709,551,615");
  EXPECT_EQ(ratio(0, 2), "-");
}

TEST(FormatTest, CalendarTimes) {
  EXPECT_EQ(calendar_time(0), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(calendar_time(1795866130500), "2026-11-28 11:42:10 UTC");
}

}  // namespace
}  // namespace seqshim
