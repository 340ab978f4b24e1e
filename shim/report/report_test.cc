#include "shim/report/report.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

FileRecord record(const std::string& path, uint64_t writes = 3) {
  FileRecord file{};
  std::memcpy(file.path, path.data(), std::min(path.size(), sizeof file.path));
  for (uint64_t i = 0; i < writes; ++i) file.counters.writes.note(10240);
  file.counters.bytes_written = writes * 10240;
  file.counters.direct_writes.note(16384);
  file.counters.bytes_direct = 16384;
  file.counters.bytes_buffered = 2048;
  file.rung = Rung::kDirect;
  return file;
}

class ReportTest : public testing::Test {
 protected:
  std::string emitted(ReportKind kind, const ProcessFacts& process = {.program = "tar"}) {
    const std::string path = dir_ / "report";
    std::filesystem::remove(path);
    report_.emit(kind, path.c_str(), process);
    return contents(path);
  }
  std::string json() { return emitted(ReportKind::kJson); }
  std::string text() { return emitted(ReportKind::kText); }

  TemporaryDirectory dir_;
  Report report_;
};

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), text.npos) << part << " is not in\n" << text;
}

TEST_F(ReportTest, IsEmptyUntilAFileIsAdded) {
  EXPECT_TRUE(report_.empty());
  report_.add(record("/a"));
  EXPECT_FALSE(report_.empty());
}

TEST_F(ReportTest, NeedsNoConstructorAtStart) {
  static constinit Report report;
  EXPECT_TRUE(report.empty());
}

TEST_F(ReportTest, EmitStartsAfresh) {
  report_.add(record("/a"));
  text();
  EXPECT_TRUE(report_.empty());
  report_.add(record("/b"));
  EXPECT_EQ(text().find("/a"), std::string::npos);
}

TEST_F(ReportTest, ResetForgetsAll) {
  report_.add(record("/a"));
  report_.reset();
  EXPECT_TRUE(report_.empty());
  EXPECT_EQ(text().find("/a"), std::string::npos);
}

TEST_F(ReportTest, TextHasTotalsAndARowForEachFile) {
  FileRecord mapped = record("/out/b.tar", 1);
  mapped.hand_back = HandBack::kMapped;
  mapped.counters.hand_backs[static_cast<size_t>(HandBack::kMapped)] = 1;
  mapped.counters.waits = 2;
  mapped.counters.wait_ns = 1500000000;
  report_.add(record("/out/a.tar"));
  report_.add(mapped);
  const std::string shown = text();
  expect_in(shown, "tar, pid " + std::to_string(getpid()));
  expect_in(shown, "40.0K in 4 writes to 2 files\n");
  expect_in(shown, "direct 32.0K in 2 pieces of 16.0K, buffered 4.00K");
  expect_in(shown, "waited for the device 2 times, 1.500 s");
  expect_in(shown, "handed back to the kernel: mapped 1\n");
  EXPECT_TRUE(has_regex(shown, "\n +30.0K +3 +8.00K[+] 100% +100% .* direct +- +/out/a.tar\n"))
      << shown;
  EXPECT_TRUE(has_regex(shown, " direct +mapped +/out/b.tar\n")) << shown;
}

TEST_F(ReportTest, TheTitleStandsOverItsColumns) {
  report_.add(record("/a"));
  const std::string shown = text();
  const size_t title = shown.find("\n   bytes");
  ASSERT_NE(title, shown.npos) << shown;
  const size_t row = shown.find('\n', title + 1);
  EXPECT_EQ(shown.find("file\n", title) - title, shown.find("/a\n", row) - row) << shown;
}

TEST_F(ReportTest, JumpsLowerTheSequentialShare) {
  FileRecord file = record("/a", 4);
  file.counters.jumps = 1;
  report_.add(file);
  expect_in(text(), " 75% ");
}

TEST_F(ReportTest, AFileThatWasOnlyPassedThroughIsShown) {
  FileRecord file{};
  std::strcpy(file.path, "/a");
  file.counters.bytes_passed = 100;
  file.counters.calls_passed = 1;
  report_.add(file);
  expect_in(text(), "passed through 100 in 1 call\n");
}

TEST_F(ReportTest, WhatWasReadIsOneLine) {
  EXPECT_EQ(text().find("  read "), std::string::npos);
  report_.note_read(3 << 20, false);
  EXPECT_FALSE(report_.empty());
  report_.note_read(1 << 20, false);
  expect_in(text(), "  read 4.00M past the page cache from 2 files\n");
  EXPECT_TRUE(report_.empty());
}

TEST_F(ReportTest, WhatTheKernelDoesNotTellIsNotHidden) {
  report_.note_read(100, false);
  report_.note_read(1000, true);
  expect_in(text(),
            "  read 100 past the page cache from 1 file; 1000 through it from 1 file, of which the "
            "kernel won't tell what is cached\n");
}

TEST_F(ReportTest, TheSamePathIsOneRow) {
  report_.add(record("/log"));
  report_.add(record("/log"));
  expect_in(text(), "/log (2 times)\n");
}

TEST_F(ReportTest, APathThatFillsItsArrayIsWhole) {
  const std::string path = "/" + std::string(255, 'x');
  report_.add(record(path));
  expect_in(text(), path + "\n");
}

TEST_F(ReportTest, NamesCannotBreakTheTable) {
  report_.add(record("/a\n\x1b[2J"));
  expect_in(text(), "/a??[2J\n");
}

TEST_F(ReportTest, BeyondTheLimitFilesOnlyCount) {
  for (size_t i = 0; i < Report::kMaxFiles + 7; ++i) report_.add(record("/" + std::to_string(i)));
  const std::string shown = text();
  expect_in(shown, " to 1007 files\n");
  expect_in(shown, " and 7 more\n");
  expect_in(shown, "/999\n");
  EXPECT_EQ(shown.find("/1000\n"), shown.npos);
}

TEST_F(ReportTest, JsonIsOneLineWithEverything) {
  FileRecord file = record("/a\"b\xff\xc3\xa9");
  file.hand_back = HandBack::kStdio;
  file.counters.hand_backs[static_cast<size_t>(HandBack::kStdio)] = 1;
  report_.add(file);
  report_.note_read(77, false);
  report_.note_read(5, true);
  Config config;
  const std::string line = emitted(
      ReportKind::kJson,
      {.program = "tar", .pid = 42, .engine = Engine::kThread, .guard = "on", .config = &config});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  expect_in(line, R"("program":"tar","pid":42,"engine":"thread","guard":"on","cluster":1048576)");
  expect_in(line, R"("path":"/a\"b\u00ff)"
                  "\xc3\xa9\"");
  expect_in(line, R"("rung":"direct","hand_back":"stdio")");
  expect_in(line, R"("hand_backs":{"stdio":1})");
  expect_in(line, R"("files_read":1,"bytes_read":77,"files_read_blind":1,"bytes_read_blind":5)");
  expect_in(line, R"("write_sizes":[{"from":8192,"to":16383,"count":3}])");
  expect_in(line, R"("direct_write_sizes":[{"from":16384,"to":32767,"count":1}])");
  expect_in(line, R"("files_unlisted":0})");
}

TEST_F(ReportTest, JsonHasTheTimesWhereThereAreAny) {
  report_.add(record("/a"));
  EXPECT_EQ(json().find("wall_ns"), std::string::npos);
  Timeline timeline;
  timeline.begin(1, 1790000000000);
  timeline.note_written(10, 2);
  timeline.note_landed(7, 1'000'002);
  timeline.note_wait(999'001, 1'000'003);
  timeline.end(2'500'001);
  report_.add(record("/a"));
  const std::string line = emitted(
      ReportKind::kJson, {.program = "tar", .timeline = &timeline, .user_us = 12, .system_us = 34});
  expect_in(line, R"("wall_ns":2500000,"user_us":12,"system_us":34,)"
                  R"("timeline":{"start_ms":1790000000000,"bucket_ms":1,"written":[10,0,0],)"
                  R"("landed":[0,7,0],"wait_ns":[1000,2,0]},"totals")");
}

TEST_F(ReportTest, OnlyTheAbsenceOfAGuardIsToldInText) {
  for (const std::string_view guard : {"on", "off", "absent"}) {
    report_.add(record("/a"));
    const std::string text = emitted(ReportKind::kText, {.program = "tar", .guard = guard});
    EXPECT_EQ(text.find("no guard") != text.npos, guard == "absent");
  }
}

TEST_F(ReportTest, JsonOfTheLastBucketIsOpen) {
  FileRecord file{};
  file.counters.writes.note(uint64_t{1} << 40);
  report_.add(file);
  expect_in(json(), R"({"from":2147483648,"to":null,"count":1})");
}

TEST_F(ReportTest, ProcessesShareAFile) {
  const std::string path = dir_ / "shared.json";
  for (const char* program : {"one", "two"}) {
    report_.add(record("/a"));
    report_.emit(ReportKind::kJson, path.c_str(), program);
  }
  const std::string shown = contents(path);
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 2);
  expect_in(shown, "\"one\"");
  expect_in(shown, "\"two\"");
}

TEST_F(ReportTest, StandardErrorMayBeADuplicate) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  report_.add(record("/a"));
  report_.emit(ReportKind::kStderr, nullptr, ProcessFacts{.program = "tar", .stderr_fd = ends[1]});
  close(ends[1]);
  char buffer[4096];
  const ssize_t length = read(ends[0], buffer, sizeof buffer);
  close(ends[0]);
  ASSERT_GT(length, 0);
  expect_in(std::string(buffer, static_cast<size_t>(length)), "/a\n");
}

TEST_F(ReportTest, NoKindNoOutput) {
  report_.add(record("/a"));
  EXPECT_EQ(emitted(ReportKind::kNone), "");
}

}  // namespace
}  // namespace seqshim
