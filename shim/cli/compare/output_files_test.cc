#include "shim/cli/compare/output_files.h"

#include <gtest/gtest.h>

#include "shim/cli/compare/check.h"
#include "shim/report/test_support.h"

namespace seqshim {
namespace {

ReportedFile reported(const std::string& path, uint64_t bytes, const std::string& rung = "direct",
                      const std::string& hand_back = "none") {
  ReportedFile file;
  file.path = path;
  file.rung = rung;
  file.hand_back = hand_back;
  file.counters.bytes_written = bytes;
  return file;
}

TEST(WrittenFilesTest, ProcessesThatWriteOneFileAreMerged) {
  std::vector<ProcessReport> processes(2);
  processes[0].files = {reported("/a", 1), reported("/b", 2)};
  processes[1].files = {reported("/a", 4, "undecided", "locked")};
  const auto files = written_files(processes);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].path, "/a");
  EXPECT_EQ(files[0].counters.bytes_written, 5u);
  EXPECT_EQ(files[0].rung, "direct");
  EXPECT_EQ(files[0].hand_back, "locked");
  EXPECT_EQ(files[0].times, 2u);
}

TEST(WrittenFilesTest, WhatWasOnlyOpenedIsLeftOut) {
  std::vector<ProcessReport> processes(1);
  processes[0].files = {reported("/a", 0), reported("/b", 0, "undecided", "mapped")};
  const auto files = written_files(processes);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].path, "/b");
}

TEST(WrittenFilesTest, WhoHoldsAFileForOthersDoesNotJudge) {
  const ReportedFile writer = reported("/a", 1), holder = reported("/a", 0, "undecided", "unseen");
  for (const auto& files : {std::vector{writer, holder}, std::vector{holder, writer}}) {
    std::vector<ProcessReport> processes(1);
    processes[0].files = files;
    EXPECT_EQ(written_files(processes).at(0).hand_back, "none");
  }
}

class OutputFilesTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = dir_ / name;
    std::ofstream(path) << text;
    return path;
  }

  TemporaryDirectory dir_;
  OutputFiles outputs_{{"dd", "of=/no/such/place", "--", ""}};
};

TEST_F(OutputFilesTest, WhatIsNotThereIsNotCounted) {
  EXPECT_FALSE(outputs_.resident());
  outputs_.learn({reported(dir_ / "gone", 1), reported("cut/in/front", 1)});
  EXPECT_EQ(outputs_.count(), 1u);
  EXPECT_FALSE(outputs_.resident());
  outputs_.learn({reported(dir_ / "gone", 1), reported(file("there", "text"), 1)});
  EXPECT_GE(*outputs_.resident(), 4096);
}

TEST_F(OutputFilesTest, AnEmptyReportLeavesWhatWasKnown) {
  outputs_.learn({reported(file("there", "text"), 1)});
  outputs_.learn({});
  EXPECT_EQ(outputs_.count(), 1u);
}

TEST_F(OutputFilesTest, OtherFileSystemsAreNoticed) {
  outputs_.learn({reported(file("there", "text"), 1)});
  EXPECT_FALSE(outputs_.learn({reported(dir_ / "another", 1)}));
  EXPECT_TRUE(outputs_.learn({reported("/proc/self/no-such-file", 1)}));
  outputs_.sync();
}

TEST_F(OutputFilesTest, ContentsDiffer) {
  outputs_.learn({reported(file("a", "text"), 1), reported(file("b", "tex"), 1),
                  reported(file("c", "text"), 1), reported(dir_ / "gone", 1)});
  int times = 0;
  const auto contents = outputs_.contents([&times] { ++times; });
  ASSERT_EQ(contents.size(), 3u);
  EXPECT_EQ(contents.at(dir_ / "a"), contents.at(dir_ / "c"));
  EXPECT_NE(contents.at(dir_ / "a"), contents.at(dir_ / "b"));
  EXPECT_EQ(times, 3);
}

Check::Contents holding(uint64_t hash) { return {{"/a", {10, hash}}}; }

TEST(CheckTest, TheSameIsNotWorthANote) {
  Check check;
  EXPECT_TRUE(check.wants(Way::kSeqshim));
  check.note(Way::kSeqshim, holding(1));
  EXPECT_FALSE(check.wants(Way::kSeqshim));
  EXPECT_TRUE(check.wants(Way::kPlain));
  check.note(Way::kPlain, holding(1));
  EXPECT_FALSE(check.wants(Way::kPlain));
  EXPECT_TRUE(check.notes().empty());
}

TEST(CheckTest, ADifferenceIsLookedAtOnceMore) {
  Check check;
  check.note(Way::kSeqshim, holding(1));
  check.note(Way::kPlain, holding(2));
  EXPECT_EQ(check.notes().size(), 1u);
  ASSERT_TRUE(check.wants(Way::kPlain));
  Check other = check;
  check.note(Way::kPlain, holding(3));
  EXPECT_TRUE(check.notes().at(0).ends_with("differs in /a; so does what two plain runs write"));
  other.note(Way::kPlain, holding(2));
  EXPECT_TRUE(other.notes().at(0).ends_with("differs in /a; what two plain runs write doesn't"));
  EXPECT_FALSE(other.wants(Way::kPlain));
}

TEST(CheckTest, FilesOfOtherNamesAreTold) {
  Check check;
  check.note(Way::kSeqshim, holding(1));
  check.note(Way::kPlain, {});
  EXPECT_EQ(check.notes().size(), 1u);
}

}  // namespace
}  // namespace seqshim
