#include "shim/cli/run/progress_text.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

Moment moment(uint64_t accepted, uint64_t landed, double speed, const std::string& path = {}) {
  Moment moment{.speed = speed, .path = path};
  moment.tallies[Tally::kAccepted] = accepted;
  moment.tallies[Tally::kLanded] = landed;
  moment.tallies[Tally::kWaits] = 3;
  return moment;
}

constexpr uint64_t kMiB = 1 << 20;
const Moment kWhole = moment(960 * kMiB, 956 * kMiB, 82.3 * kMiB);

TEST(ProgressLines, TheWholeIsOneLine) {
  EXPECT_EQ(progress_lines(kWhole, 12.3, {}, 80, 24),
            std::vector<std::string>{"  960M 0:00:12 [ 82.3M/s] (78M/s) 4M in flight, 3 waits"});
}

TEST(ProgressLines, OneFileIsNamedBehindIt) {
  const auto lines =
      progress_lines(kWhole, 12.3, {moment(kMiB, 0, 0, "/backup/home.tar")}, 100, 24);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].ends_with("3 waits  /backup/home.tar")) << lines[0];
}

TEST(ProgressLines, SeveralFilesHaveALineEach) {
  const auto lines = progress_lines(
      kWhole, 3723, {moment(512 * kMiB, 510 * kMiB, 40 * kMiB, "/a"), moment(7, 7, 0, "/b")}, 80,
      24);
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "  960M 1:02:03 [ 82.3M/s] (264K/s) 4M in flight, 3 waits",
                       "  512M [   40M/s] 2M in flight  /a", "     7 [     0/s] 0 in flight  /b"}));
}

TEST(ProgressLines, ThereAreNeverMoreThanTheTerminalHasRows) {
  std::vector<Moment> files;
  for (int count = 0; count < 12; ++count, files.push_back(moment(1, 0, 0, "/file")))
    for (size_t rows = 0; rows < 14; ++rows) {
      const auto lines = progress_lines(kWhole, 1, files, 80, rows);
      EXPECT_GE(lines.size(), 1u);
      EXPECT_LE(lines.size(), std::max<size_t>(rows, 2) - 1) << count << " files, " << rows;
    }
  const auto lines = progress_lines(kWhole, 1, files, 80, 6);
  EXPECT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines.back(), "       and 9 more files");
}

TEST(ProgressLines, TheLastColumnStaysFree) {
  const std::vector<Moment> one = {moment(1, 0, 0, "/backup/caf\xc3\xa9/of/a/long/name.tar")};
  std::vector<Moment> two = one;
  two.push_back(one[0]);
  for (size_t columns = 0; columns < 120; ++columns)
    for (const auto& files : {std::vector<Moment>(), one, two})
      for (const std::string& line : progress_lines(kWhole, 1, files, columns, 24))
        EXPECT_LE(line.size(), std::max<size_t>(columns, 2) - 1) << line;
}

TEST(ProgressLines, OfALongPathTheEndIsShown) {
  const std::string path = "/backup/" + std::string(200, 'x') + "/home.tar";
  const auto lines = progress_lines(kWhole, 1, {moment(1, 0, 0, path)}, 90, 24);
  EXPECT_TRUE(lines[0].ends_with("xx/home.tar")) << lines[0];
  EXPECT_NE(lines[0].find("  ..xx"), std::string::npos) << lines[0];
  EXPECT_EQ(lines[0].size(), 89u);
}

TEST(ProgressLines, WhatDrivesATerminalIsNotPrinted) {
  const auto lines = progress_lines(kWhole, 1, {moment(1, 0, 0, "/a\x1b[2Jb\nc\xff")}, 100, 24);
  EXPECT_TRUE(lines[0].ends_with("  /a?[2Jb?c?")) << lines[0];
}

TEST(ProgressLines, TheLastOneSaysWhatItCameTo) {
  EXPECT_EQ(last_progress_line(kWhole.tallies, 10), "  960M 0:00:10 (96M/s) 3 waits");
}

TEST(Speed, IsThatOfTheLastSecond) {
  Speed speed;
  EXPECT_EQ(speed.per_second(), 0);
  speed.note(0, 0);
  EXPECT_EQ(speed.per_second(), 0);
  for (int i = 1; i <= 20; ++i) speed.note(i * 0.1, i * 100);
  EXPECT_NEAR(speed.per_second(), 1000, 1);
  for (int i = 21; i <= 40; ++i) speed.note(i * 0.1, 2000);
  EXPECT_EQ(speed.per_second(), 0);
}

}  // namespace
}  // namespace seqshim
