#include "shim/cli/report/tree.h"

#include <gtest/gtest.h>

#include <numeric>

namespace seqshim {
namespace {

ReportedFile file(const std::string& path, uint64_t bytes) {
  ReportedFile file{
      .path = path, .times = 1, .rung = "direct", .hand_back = "none", .counters = {}};
  file.counters.bytes_written = bytes;
  return file;
}

ProcessReport process(const std::string& program, uint64_t pid, std::vector<ReportedFile> files) {
  ProcessReport process;
  process.program = program;
  process.pid = pid;
  for (const ReportedFile& file : files) process.totals.add(file.counters);
  process.files_closed = files.size();
  process.files = std::move(files);
  return process;
}

ProcessReport timed(uint64_t start_ms, uint64_t bucket_ms, std::vector<uint64_t> landed) {
  ProcessReport timed = process("p", start_ms, {});
  timed.timeline.start_ms = start_ms;
  timed.timeline.bucket_ms = bucket_ms;
  timed.timeline.written = timed.timeline.wait_ns = std::vector<uint64_t>(landed.size());
  timed.wall_ns = bucket_ms * landed.size() * 1'000'000;
  timed.timeline.landed = std::move(landed);
  return timed;
}

Tree of(std::vector<ProcessReport> processes) {
  return tree_of({.path = "x.json", .processes = std::move(processes)});
}

uint64_t sum(const std::vector<uint64_t>& values) {
  return std::accumulate(values.begin(), values.end(), uint64_t{0});
}

TEST(TreeTest, TotalsAreOfAllProcesses) {
  const Tree tree = of({process("tar", 1, {file("/a", 5)}), process("gzip", 2, {file("/b", 7)}),
                        process("tar", 3, {})});
  EXPECT_EQ(tree.totals.bytes_written, 12u);
  EXPECT_EQ(tree.files_written(), 2u);
  EXPECT_EQ(tree.programs, (std::vector<std::string>{"gzip", "tar"}));
  EXPECT_EQ(tree.wall_ms, 0u);
  EXPECT_TRUE(tree.timeline.written.empty());
}

TEST(TreeTest, FilesOfOnePathAreOneAndTheLargestComesFirst) {
  ReportedFile mapped = file("/a", 3);
  mapped.rung = "undecided";
  mapped.hand_back = "mapped";
  const Tree tree =
      of({process("x", 1, {file("/a", 5), file("/b", 7)}), process("y", 2, {mapped})});
  ASSERT_EQ(tree.files.size(), 2u);
  EXPECT_EQ(tree.files[0].path, "/a");
  EXPECT_EQ(tree.files[0].times, 2u);
  EXPECT_EQ(tree.files[0].counters.bytes_written, 8u);
  EXPECT_EQ(tree.files[0].rung, "direct");
  EXPECT_EQ(tree.files[0].hand_back, "mapped");
}

TEST(TreeTest, WhatAShellOpensForACommandWasSeenByTheCommand) {
  const auto opened = [](const std::string& path) {
    ReportedFile opened = file(path, 0);
    opened.rung = "undecided";
    opened.hand_back = "unseen";
    opened.counters.hand_backs[static_cast<size_t>(HandBack::kUnseen)] = 1;
    return opened;
  };
  const Tree tree = of({process("sh", 1, {opened("/a"), opened("/never seen")}),
                        process("tar", 2, {file("/a", 5)})});
  ASSERT_EQ(tree.files.size(), 2u);
  EXPECT_EQ(tree.files[0].path, "/a");
  EXPECT_EQ(tree.files[0].times, 1u);
  EXPECT_EQ(tree.files[0].hand_back, "none");
  EXPECT_EQ(tree.files[1].hand_back, "unseen");
  EXPECT_EQ(tree.totals.hand_backs[static_cast<size_t>(HandBack::kUnseen)], 1u);
}

TEST(TreeTest, CpuTimeAcrossExecCountsOnce) {
  ProcessReport before = process("sh", 9, {}), after = process("tar", 9, {}),
                other = process("gzip", 10, {});
  before.user_us = 100;
  after.user_us = 130;
  other.user_us = 1;
  EXPECT_EQ(of({before, other, after}).user_us, 131u);
}

TEST(TreeTest, TimelinesOfProcessesOverlap) {
  const Tree tree = of({timed(1000, 10, {1, 2, 3}), timed(1010, 10, {10, 20})});
  EXPECT_EQ(tree.timeline.start_ms, 1000u);
  EXPECT_EQ(tree.timeline.bucket_ms, 10u);
  EXPECT_EQ(tree.timeline.landed, (std::vector<uint64_t>{1, 12, 23}));
  EXPECT_EQ(tree.wall_ms, 30u);
}

TEST(TreeTest, TheWidestIntervalsAreKept) {
  const Tree tree = of({timed(0, 10, {100, 100}), timed(5, 1, {1, 1, 1, 1, 1, 1, 1, 1})});
  EXPECT_EQ(tree.timeline.landed, (std::vector<uint64_t>{105, 103}));
}

TEST(TreeTest, NoByteIsLostWhereIntervalsDoNotMatch) {
  const Tree tree = of({timed(3, 7, {1000, 999, 998}), timed(0, 16, std::vector<uint64_t>(64, 7)),
                        timed(500, 3, {5, 6, 7, 8})});
  EXPECT_EQ(sum(tree.timeline.landed), 1000u + 999 + 998 + 64 * 7 + 26);
  EXPECT_LE(tree.timeline.landed.size(), Tree::kMostBuckets);
}

TEST(TreeTest, RunsThatAreYearsApartStillHaveFewIntervals) {
  const Tree tree = of({timed(0, 1, {5}), timed(uint64_t{1} << 50, uint64_t{1} << 38, {7})});
  EXPECT_LE(tree.timeline.landed.size(), Tree::kMostBuckets);
  EXPECT_EQ(sum(tree.timeline.landed), 12u);
}

}  // namespace
}  // namespace seqshim
