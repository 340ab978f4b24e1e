#include "shim/cli/run/summary.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

TEST(Summary, SaysWhatWasWrittenAndHow) {
  Totals totals{.files = 1};
  totals.tallies[Tally::kWrites] = 98308;
  totals.tallies[Tally::kAccepted] = 960 << 20;
  totals.tallies[Tally::kDirect] = 959 << 20;
  totals.tallies[Tally::kWaitNs] = 620'000'000;
  EXPECT_EQ(summary_of(totals, 2.0),
            "960M in 98308 writes to 1 file, 99.9 % direct, 0.62 s waiting, 480M/s");
  totals.tallies[Tally::kDirect] = (960 << 20) - 1;
  EXPECT_EQ(summary_of(totals, 2.0),
            "960M in 98308 writes to 1 file, > 99.9 % direct, 0.62 s waiting, 480M/s");
  totals.tallies[Tally::kErrors] = 1;
  EXPECT_TRUE(summary_of(totals, 2.0).ends_with(", 480M/s, 1 error"));
}

TEST(Summary, OfNothingItSaysSo) { EXPECT_EQ(summary_of({}, 1.0), "0 in 0 writes to 0 files"); }

TEST(Summary, WhatWasReadStandsBehindOrAlone) {
  Totals totals{.files_read = 2, .bytes_read = 3 << 20};
  EXPECT_EQ(summary_of(totals, 1.0), "read 3M past the page cache from 2 files");
  totals.files = 1;
  totals.tallies[Tally::kWrites] = 1;
  totals.tallies[Tally::kAccepted] = 512;
  EXPECT_EQ(summary_of(totals, 1.0),
            "512 in 1 write to 1 file, 0 % direct, 0.00 s waiting, 512/s; "
            "read 3M past the page cache from 2 files");
}

}  // namespace
}  // namespace seqshim
