#include "shim/cli/profile/figures.h"

#include <gtest/gtest.h>

namespace seqshim::profiling {
namespace {

TEST(Figures, AsPeopleReadThem) {
  EXPECT_EQ(time_text(12), "12 ns");
  EXPECT_EQ(time_text(35'040), "35 us");
  EXPECT_EQ(time_text(1.214e9), "1.21 s");
  EXPECT_EQ(time_text(446e9), "446 s");
  EXPECT_EQ(share_text(1, 3), "33 %");
  EXPECT_EQ(share_text(1, 0), "-");
}

TEST(Figures, Ranges) {
  EXPECT_EQ(size_range(0), "0");
  EXPECT_EQ(size_range(1), "1");
  EXPECT_EQ(size_range(14), "8K-16K");
  EXPECT_EQ(size_range(31), "1G-2G");
  EXPECT_EQ(size_range(32), "2G+");
  EXPECT_EQ(time_range(0), "none");
  EXPECT_EQ(time_range(11), "1.02 us to 2.05 us");
  EXPECT_EQ(time_range(32), "over 2.15 s");
}

}  // namespace
}  // namespace seqshim::profiling
