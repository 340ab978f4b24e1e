#include "shim/cli/report/text.h"

#include <gtest/gtest.h>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

ProcessReport process(const std::string& program, const std::string& path, uint64_t bytes) {
  ReportedFile file{
      .path = path, .times = 1, .rung = "direct", .hand_back = "none", .counters = {}};
  file.counters.bytes_written = file.counters.bytes_direct = bytes;
  file.counters.writes.count[14] = 300;
  ProcessReport process;
  process.version = "0.1.0";
  process.program = program;
  process.pid = 42;
  process.engine = "thread";
  process.totals = file.counters;
  process.files_closed = 1;
  process.files = {file};
  return process;
}

Tree of(std::vector<ProcessReport> processes) {
  return tree_of({.path = "x.json", .processes = std::move(processes)});
}

void expect_in(const std::string& text, const std::string& expression) {
  EXPECT_TRUE(has_regex(text, expression)) << expression << " is not in\n" << text;
}

TEST(ReportTextTest, OneProcessIsWhatTheProgramItselfPrints) {
  const std::string text = report_text(of({process("tar", "/a.tar", 3 << 20)}));
  EXPECT_TRUE(text.starts_with(
      "seqshim 0.1.0: tar, pid 42, engine thread: 3.00M in 300 writes to 1 file\n"))
      << text;
  expect_in(text, "\n +3.00M +300 .* direct +- +/a.tar\n");
  EXPECT_EQ(text.find("all "), text.npos);
}

TEST(ReportTextTest, OfSeveralProcessesThereIsASum) {
  const std::string text =
      report_text(of({process("tar", "/a", 1 << 20), process("gzip", "/b", 2 << 20)}));
  expect_in(text, "\nall 2 processes: 3.00M in 600 writes to 2 files\n");
}

TEST(ReportTextTest, TimesAreToldIfTheyAreKnown) {
  ProcessReport timed = process("tar", "/a", 1);
  EXPECT_EQ(report_text(of({timed})).find("lasted"), std::string::npos);
  timed.wall_ns = 1'500'000'000;
  timed.user_us = 20'000;
  timed.system_us = 3'000;
  expect_in(report_text(of({timed})), "\n  lasted 1.500 s; CPU: user 0.020 s, system 0.003 s\n");
}

TEST(ReportTextTest, NamesCannotDriveTheTerminal) {
  const std::string text = report_text(of({process("\x1b[2J", "/a\x1b[2J\n", 1)}));
  EXPECT_EQ(text.find('\x1b'), text.npos);
  expect_in(text, "/a\\?\\[2J\\?\n");
}

TEST(ComparisonTextTest, MeasuresStandSideBySide) {
  const std::string text =
      comparison_text(of({process("tar", "/a", 1 << 20)}), of({process("zip", "/a", 3 << 20)}));
  expect_in(text, "^A: x.json: tar, 1 process\nB: x.json: zip, 1 process\n");
  expect_in(text, "\nbytes direct +1.00M +3.00M +3.00\n");
  expect_in(text, "\nlasted +- +- +-\n");
}

TEST(ComparisonTextTest, FilesOfEitherAreListed) {
  const std::string text =
      comparison_text(of({process("tar", "/both", 1 << 20), process("tar", "/only a", 5)}),
                      of({process("tar", "/only b", 7), process("tar", "/both", 2 << 20)}));
  expect_in(text, "\n +1.00M +2.00M +100 % +100 % +0.000 +0.000  /both\n");
  expect_in(text, "\n +5 +- +100 % +- +0.000 +-  /only a\n");
  expect_in(text, "\n +- +7 +- +100 % +- +0.000  /only b\n");
}

}  // namespace
}  // namespace seqshim
