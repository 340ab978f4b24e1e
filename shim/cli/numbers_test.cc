#include "shim/cli/numbers.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

TEST(Numbers, NumbersHaveThreeDigits) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(0.0004), "0");
  EXPECT_EQ(number_text(0.0126), "0.013");
  EXPECT_EQ(number_text(1.234), "1.23");
  EXPECT_EQ(number_text(-1.234), "-1.23");
  EXPECT_EQ(number_text(123.4), "123");
  EXPECT_EQ(number_text(12345.6), "12346");
}

TEST(Numbers, SizesHaveThreeDigits) {
  EXPECT_EQ(size_text(0), "0");
  EXPECT_EQ(size_text(1023), "1023");
  EXPECT_EQ(size_text(1024), "1K");
  EXPECT_EQ(size_text(10000), "9.77K");
  EXPECT_EQ(size_text(1047000), "1022K");
  EXPECT_EQ(size_text((1 << 20) - 1), "1M");
  EXPECT_EQ(size_text(uint64_t{3} << 29), "1.5G");
  EXPECT_EQ(size_text(UINT64_MAX), "16E");
  EXPECT_EQ(size_as_adjective(512), "512-byte");
  EXPECT_EQ(size_as_adjective(4096), "4K");
}

TEST(Numbers, ARateIsNoneWithoutTime) {
  EXPECT_EQ(rate_text(100, 0), "-");
  EXPECT_EQ(rate_text(3 << 20, 2), "1.5M/s");
}

TEST(Numbers, Counts) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(123456), "123,456");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "process", "processes"), "1 process");
  EXPECT_EQ(counted(1234, "process", "processes"), "1,234 processes");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(counted(1, "process"), "1 process");
  EXPECT_EQ(counted(2, "process"), "2 processes");
  EXPECT_EQ(counted(1200, "call"), "1,200 calls");
}

TEST(Numbers, OnlyAllOfItIsAHundredPercentAndOnlyNothingIsZero) {
  EXPECT_EQ(percent(0, 0), "0 %");
  EXPECT_EQ(percent(0, 5), "0 %");
  EXPECT_EQ(percent(1, 1000000), "< 0.1 %");
  EXPECT_EQ(percent(4, 1000), "0.4 %");
  EXPECT_EQ(percent(97, 100), "97 %");
  EXPECT_EQ(percent(997, 1000), "99.7 %");
  EXPECT_EQ(percent(999999, 1000000), "> 99.9 %");
  EXPECT_EQ(percent(5, 5), "100 %");
  EXPECT_EQ(percent(6, 5), "100 %");
}

}  // namespace
}  // namespace seqshim
