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

}  // namespace
}  // namespace seqshim
