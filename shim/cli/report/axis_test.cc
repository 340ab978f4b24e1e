#include "shim/cli/report/axis.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

std::string labels(const Axis& axis) {
  std::string list;
  for (const Tick& tick : axis.ticks) list += (list.empty() ? "" : " ") + tick.label;
  return list + " " + std::string(axis.unit);
}

TEST(AxisTest, RatesHaveRoundTopsInTheUnitThatFits) {
  EXPECT_EQ(labels(rate_axis(0)), "0 0.2 0.4 0.6 0.8 1 B/s");
  EXPECT_EQ(labels(rate_axis(900.0 * (1 << 20))), "0 200 400 600 800 1000 MiB/s");
  EXPECT_EQ(labels(rate_axis(1.5 * (1 << 30))), "0 0.5 1 1.5 GiB/s");
  EXPECT_EQ(rate_axis(1.5 * (1 << 30)).top, 1.5 * (1 << 30));
  EXPECT_EQ(labels(rate_axis(1e30)).substr(0, 2), "0 ");
}

TEST(AxisTest, PercentsMayExceedAHundred) {
  EXPECT_EQ(labels(percent_axis(100)), "0 20 40 60 80 100 %");
  EXPECT_EQ(labels(percent_axis(0)), "0 0.2 0.4 0.6 0.8 1 %");
  EXPECT_EQ(labels(percent_axis(270)), "0 50 100 150 200 250 300 %");
}

TEST(AxisTest, TimeEndsWhereTheRunDid) {
  const Axis axis = time_axis(3.4);
  EXPECT_EQ(labels(axis), "0 1 2 3 s");
  EXPECT_EQ(axis.top, 3.4);
  EXPECT_NEAR(axis.ticks.back().at, 3 / 3.4, 1e-9);
  EXPECT_EQ(labels(time_axis(0.064)), "0 20 40 60 ms");
  EXPECT_EQ(labels(time_axis(100)), "0 20 40 60 80 100 s");
  EXPECT_EQ(labels(time_axis(600)), "0 2 4 6 8 10 min");
  EXPECT_EQ(labels(time_axis(4 * 3600)), "0 1 2 3 4 h");
}

TEST(AxisTest, TicksLieOnTheAxis) {
  for (double lasted = 0.001; lasted < 1e7; lasted *= 1.37) {
    const Axis axis = time_axis(lasted);
    EXPECT_LE(axis.ticks.back().at, 1.000001) << lasted;
    EXPECT_GE(axis.ticks.size(), 3u) << lasted;
    EXPECT_LE(axis.ticks.size(), 7u) << lasted;
  }
}

}  // namespace
}  // namespace seqshim
