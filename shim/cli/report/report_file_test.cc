#include "shim/cli/report/report_file.h"

#include <gtest/gtest.h>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

class ReportFileTest : public testing::Test {
 protected:
  SavedReport read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return read_report(path_);
  }
  /// What reading it fails with, without the file's path.
  std::string error_of(const std::string& text) {
    try {
      read(text);
      return "none";
    } catch (const ReportError& error) {
      const std::string message = error.what();
      const size_t at = message.find(path_);
      return at == message.npos ? message : std::string(message).erase(at, path_.size());
    }
  }

  TemporaryDirectory dir_;
  std::string path_ = dir_ / "report.json";
};

constexpr char kWhole[] =
    R"({"version":"0.1.0","program":"tar","pid":42,"engine":"thread","guard":"on",)"
    R"("cluster":1048576,"memory":67108864,"depth":4,"direct_min":262144,"append":true,)"
    R"("files_closed":3,"files_read":1,"bytes_read":77,"files_read_blind":2,"bytes_read_blind":5,)"
    R"("wall_ns":1500000000,"user_us":12,"system_us":34,)"
    R"("timeline":{"start_ms":1790000000000,"bucket_ms":2,"written":[1,2],"landed":[0,3],)"
    R"("wait_ns":[0,9]},)"
    R"("totals":{"writes":4,"bytes_written":40960,"jumps":1,"bytes_direct":32768,)"
    R"("bytes_buffered":8192,"bytes_passed":10,"calls_passed":2,"direct_writes":1,"drains":3,)"
    R"("waits":5,"wait_ns":6,"errors":7,"hand_backs":{"mapped":2,"of-the-future":3},)"
    R"("write_sizes":[{"from":8192,"to":16383,"count":4}],)"
    R"("direct_write_sizes":[{"from":2147483648,"to":null,"count":1}]},)"
    R"("files":[{"path":"/a\u001b<\u00ff","times":2,"rung":"direct","hand_back":"mapped",)"
    R"("bytes_written":11,"new":{"deep":[1]}}],"files_unlisted":1})"
    "\n";

TEST_F(ReportFileTest, EverythingIsRead) {
  const SavedReport report = read(kWhole);
  ASSERT_EQ(report.processes.size(), 1u);
  const ProcessReport& process = report.processes[0];
  EXPECT_EQ(process.program, "tar");
  EXPECT_EQ(process.pid, 42u);
  EXPECT_EQ(process.engine, "thread");
  EXPECT_EQ(process.guard, "on");
  ASSERT_TRUE(process.config);
  EXPECT_EQ(process.config->memory, 67108864u);
  EXPECT_TRUE(process.config->append);
  EXPECT_EQ(process.files_closed, 3u);
  EXPECT_EQ(process.bytes_read_blind, 5u);
  EXPECT_EQ(process.wall_ns, 1500000000u);
  EXPECT_EQ(process.system_us, 34u);
  EXPECT_EQ(process.timeline.start_ms, 1790000000000u);
  EXPECT_EQ(process.timeline.landed, (std::vector<uint64_t>{0, 3}));
  EXPECT_EQ(process.totals.bytes_written, 40960u);
  EXPECT_EQ(process.totals.writes.count[14], 4u);
  EXPECT_EQ(process.totals.direct_writes.count[32], 1u);
  EXPECT_EQ(process.totals.hand_backs[static_cast<size_t>(HandBack::kMapped)], 2u);
  EXPECT_EQ(process.totals.errors, 7u);
  ASSERT_EQ(process.files.size(), 1u);
  EXPECT_EQ(process.files[0].path, "/a\x1b<\xc3\xbf");
  EXPECT_EQ(process.files[0].times, 2u);
  EXPECT_EQ(process.files[0].hand_back, "mapped");
  EXPECT_EQ(process.files[0].counters.bytes_written, 11u);
  EXPECT_EQ(process.files_unlisted, 1u);
}

TEST_F(ReportFileTest, MissingMembersAreZero) {
  const ProcessReport process = read(R"({"program":"a","totals":{}})").processes.at(0);
  EXPECT_FALSE(process.config);
  EXPECT_EQ(process.totals.bytes_written, 0u);
  EXPECT_TRUE(process.timeline.written.empty());
  EXPECT_TRUE(process.files.empty());
}

TEST_F(ReportFileTest, ALineForEachProcess) {
  const SavedReport report = read(std::string(kWhole) + "\n" + kWhole);
  EXPECT_EQ(report.processes.size(), 2u);
}

TEST_F(ReportFileTest, TimelinesOfUnequalLengthAreFilledUp) {
  const ProcessReport process =
      read(R"({"program":"a","totals":{},"timeline":{"bucket_ms":1,"written":[1,2],"landed":[3]}})")
          .processes.at(0);
  EXPECT_EQ(process.timeline.landed, (std::vector<uint64_t>{3, 0}));
  EXPECT_EQ(process.timeline.wait_ns.size(), 2u);
}

TEST_F(ReportFileTest, BrokenJsonIsToldWithItsPlace) {
  EXPECT_EQ(error_of(std::string(kWhole) + "{\"program\":,}\n"), ":2: broken JSON at byte 12");
  EXPECT_EQ(error_of(std::string(kWhole, 100)), ":1: broken JSON: the line ends too early");
  EXPECT_EQ(error_of("{}{}\n"), ":1: broken JSON at byte 3");
  EXPECT_EQ(error_of("{\"program\":\"\xff\",\"totals\":{}}"), ":1: broken JSON at byte 13");
}

TEST_F(ReportFileTest, OtherJsonIsNoReport) {
  for (const char* const text : {"{}", "[]", "1", "null", R"({"program":"a"})"})
    EXPECT_EQ(error_of(text), ":1: not a report of seqshim") << text;
}

TEST_F(ReportFileTest, MembersOfAnotherKindAreErrors) {
  const auto with = [](const std::string& members) {
    return R"({"program":"a","totals":{},)" + members + "}";
  };
  EXPECT_EQ(error_of(with(R"("pid":-1)")), ":1: \"pid\" is not a whole number from 0 on");
  EXPECT_EQ(error_of(with(R"("pid":1.5)")), ":1: \"pid\" is not a whole number from 0 on");
  EXPECT_EQ(error_of(with(R"("engine":5)")), ":1: \"engine\" is not a string");
  EXPECT_EQ(error_of(with(R"("files":{})")), ":1: \"files\" is not an array");
  EXPECT_EQ(error_of(with(R"("files":[1])")), ":1: \"files\" is not an object");
  EXPECT_EQ(error_of(with(R"("cluster":1,"append":0)")), ":1: \"append\" is not true or false");
  EXPECT_EQ(error_of(with(R"("timeline":{"written":[1]})")),
            ":1: \"bucket_ms\" is not more than 0");
  EXPECT_EQ(error_of(with(R"("timeline":{"bucket_ms":1e30})")),
            ":1: \"bucket_ms\" is not a whole number from 0 on");
  EXPECT_EQ(error_of(with(R"("timeline":{"bucket_ms":1099511627776})")),
            ":1: \"bucket_ms\" is not a time");
  EXPECT_EQ(error_of(R"({"program":"a","totals":[]})"), ":1: \"totals\" is not an object");
}

TEST_F(ReportFileTest, NestingWithoutEndIsAnErrorLikeOthers) {
  EXPECT_EQ(error_of(std::string(1000000, '[')), ":1: broken JSON: the line ends too early");
}

TEST_F(ReportFileTest, ATextReportIsRecognised) {
  EXPECT_EQ(error_of("seqshim 0.1.0: tar, pid 1\n"),
            ":1: a report as text; only those can be read whose name ends in .json");
}

TEST_F(ReportFileTest, WhatCannotBeRead) {
  EXPECT_NE(error_of("").find(" is empty"), std::string::npos);
  EXPECT_NE(error_of("\n\n").find(" is empty"), std::string::npos);
  EXPECT_THROW(read_report(dir_ / "missing"), ReportError);
  EXPECT_THROW(read_report(dir_ / ""), ReportError);
}

}  // namespace
}  // namespace seqshim
