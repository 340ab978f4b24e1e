#include "shim/cli/compare/metrics.h"

#include <gtest/gtest.h>

#include "shim/cli/compare/table.h"
#include "shim/report/test_support.h"

namespace seqshim {
namespace {

RunResult run(Way way, double seconds) {
  RunResult result{.round = 1,
                   .way = way,
                   .exit_code = 0,
                   .seconds = seconds,
                   .sync_seconds = 0.5,
                   .user = 0.1,
                   .system = 0.2,
                   .sync_system = 0.05,
                   .left = way == Way::kPlain ? 1 << 20 : 0,
                   .cached_growth = -4096,
                   .written = std::nullopt};
  if (way == Way::kPlain) return result;
  result.written = Counters{};
  for (int i = 0; i < 100; ++i) result.written->writes.note(10240);
  result.written->bytes_written = 1024000;
  result.written->direct_writes.note(1 << 20);
  result.written->bytes_direct = 1024000;
  return result;
}

TEST(MetricsTest, MediansOfOddAndEvenNumbers) {
  EXPECT_FALSE(spread_of({}));
  EXPECT_EQ(spread_of({3, 1, 2})->median, 2);
  EXPECT_EQ(spread_of({4, 1, 2, 3})->median, 2.5);
  EXPECT_EQ(spread_of({3, 1, 2})->low, 1);
  EXPECT_EQ(spread_of({3, 1, 2})->high, 3);
}

TEST(MetricsTest, APlainRunGivesTwoColumns) {
  const auto lines = lines_of({run(Way::kPlain, 1), run(Way::kSeqshim, 0.25)});
  const Line& wall = line_of(lines, "seconds");
  EXPECT_EQ(wall.of(Column::kPlain), std::vector<double>{1});
  EXPECT_EQ(wall.of(Column::kPlainSync), std::vector<double>{1.5});
  EXPECT_EQ(wall.of(Column::kSeqshim), std::vector<double>{0.75});
  EXPECT_EQ(wall.ratio(), 0.5);
  EXPECT_EQ(line_of(lines, "system_seconds").of(Column::kPlain), std::vector<double>{0.2});
  EXPECT_EQ(line_of(lines, "system_seconds").of(Column::kSeqshim), std::vector<double>{0.25});
  EXPECT_TRUE(line_of(lines, "output_left_bytes").of(Column::kPlain).empty());
}

TEST(MetricsTest, CallsAreTheProgramsWhereNobodyStandsBetween) {
  const auto lines = lines_of({run(Way::kPlain, 1), run(Way::kSeqshim, 1)});
  EXPECT_EQ(line_of(lines, "write_calls").of(Column::kPlain), std::vector<double>{100});
  EXPECT_EQ(line_of(lines, "write_calls").of(Column::kSeqshim), std::vector<double>{1});
  EXPECT_EQ(line_of(lines, "bytes_a_call").of(Column::kPlainSync), std::vector<double>{10240});
}

TEST(MetricsTest, OfNothingThereIsNoRatio) {
  EXPECT_FALSE(line_of(lines_of({run(Way::kPlain, 1)}), "seconds").ratio());
  auto plain = run(Way::kPlain, 1);
  plain.left = 0;
  EXPECT_FALSE(line_of(lines_of({plain, run(Way::kSeqshim, 1)}), "output_left_bytes").ratio());
}

TEST(TableTest, FitsAScreen) {
  std::vector<RunResult> runs;
  for (const double seconds : {12345.0, 98765.0, 55555.0}) {
    runs.push_back(run(Way::kPlain, seconds));
    runs.push_back(run(Way::kSeqshim, seconds));
  }
  const std::string table = table_of(lines_of(runs));
  size_t start = 0;
  for (size_t end = 0; (end = table.find('\n', start)) != table.npos; start = end + 1)
    EXPECT_LE(end - start, 100u) << table.substr(start, end - start);
  EXPECT_TRUE(has_regex(table, "\nwall, s +55555 \\(12345..98765\\) +55556 [^\n]* +1.00\n"))
      << table;
  EXPECT_TRUE(has_regex(table, "\noutput left in cache +- +1M +0 +0.00\n")) << table;
  EXPECT_TRUE(has_regex(table, "\nall cache grew by +- +-4K +-4K +-\n")) << table;
}

}  // namespace
}  // namespace seqshim
