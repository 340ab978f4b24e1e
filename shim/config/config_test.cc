#include "shim/config/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace seqshim {
namespace {

/// Parses SEQSHIM_* from the given entries, in memory that is gone afterwards.
class ConfigTest : public testing::Test {
 protected:
  bool parse(std::vector<std::string> entries) {
    std::vector<const char*> environment;
    for (const std::string& entry : entries) environment.push_back(entry.c_str());
    environment.push_back(nullptr);
    const bool good = parse_config(environment.data(), config_, error_);
    for (std::string& entry : entries) std::fill(entry.begin(), entry.end(), '#');
    return good;
  }

  void expect_error(const std::string& entry, const std::string& words) {
    EXPECT_FALSE(parse({entry})) << entry;
    const std::string line = error_.text;
    EXPECT_EQ(line.find("seqshim: " + entry.substr(0, entry.find('=') + 1)), 0u) << line;
    EXPECT_NE(line.find(words), line.npos) << line;
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
  }

  Config config_;
  ConfigError error_;
};

TEST_F(ConfigTest, WithoutVariablesTheDefaultsHold) {
  ASSERT_TRUE(parse({"PATH=/bin", "SEQSHIM=1", "XSEQSHIM_DEPTH=9"}));
  EXPECT_TRUE(config_.match.empty());
  EXPECT_TRUE(config_.read.empty());
  EXPECT_EQ(config_.cluster, 1u << 20);
  EXPECT_EQ(config_.memory, 64u << 20);
  EXPECT_EQ(config_.depth, 4u);
  EXPECT_EQ(config_.direct_min, 256u << 10);
  EXPECT_EQ(config_.engine, Engine::kAuto);
  EXPECT_FALSE(config_.append);
  EXPECT_TRUE(config_.guard);
  EXPECT_EQ(config_.idle_ms, 1000u);
  EXPECT_EQ(config_.rate, 0u);
  EXPECT_FALSE(config_.sync);
  EXPECT_FALSE(config_.concerns_small_files());
  EXPECT_EQ(config_.report, ReportKind::kNone);
  EXPECT_EQ(config_.report_path, nullptr);
  EXPECT_EQ(config_.log_path, nullptr);
  EXPECT_EQ(config_.progress_path, nullptr);
  EXPECT_STREQ(error_.text, "");
}

TEST_F(ConfigTest, NoEnvironmentAtAllIsAnEmptyOne) {
  EXPECT_TRUE(parse_config(nullptr, config_, error_));
}

TEST_F(ConfigTest, EachVariableIsRead) {
  ASSERT_TRUE(
      parse({"SEQSHIM_MATCH=*.tar", "SEQSHIM_CLUSTER=64K", "SEQSHIM_DEPTH=16", "SEQSHIM_MEMORY=8M",
             "SEQSHIM_ENGINE=sync", "SEQSHIM_APPEND=1", "SEQSHIM_DIRECT_MIN=0", "SEQSHIM_GUARD=off",
             "SEQSHIM_READ=/src/*", "SEQSHIM_IDLE_MS=250", "SEQSHIM_RATE=200M", "SEQSHIM_SYNC=1",
             "SEQSHIM_REPORT=/r", "SEQSHIM_LOG=/l", "SEQSHIM_PROGRESS=/proc/1/fd/9"}));
  EXPECT_TRUE(config_.match.matches("/x.tar"));
  EXPECT_FALSE(config_.match.matches("/src/x"));
  EXPECT_TRUE(config_.read.matches("/src/x"));
  EXPECT_FALSE(config_.read.matches("/x.tar"));
  EXPECT_EQ(config_.cluster, 64u << 10);
  EXPECT_EQ(config_.depth, 16u);
  EXPECT_EQ(config_.memory, 8u << 20);
  EXPECT_EQ(config_.engine, Engine::kSync);
  EXPECT_TRUE(config_.append);
  EXPECT_EQ(config_.direct_min, 0u);
  EXPECT_FALSE(config_.guard);
  EXPECT_EQ(config_.idle_ms, 250u);
  EXPECT_EQ(config_.rate, 200u << 20);
  EXPECT_TRUE(config_.sync);
  EXPECT_TRUE(config_.concerns_small_files());
  EXPECT_EQ(config_.report, ReportKind::kText);
  EXPECT_STREQ(config_.report_path, "/r");
  EXPECT_STREQ(config_.log_path, "/l");
  EXPECT_STREQ(config_.progress_path, "/proc/1/fd/9");
}

TEST_F(ConfigTest, EnginesAreNamed) {
  ASSERT_TRUE(parse({"SEQSHIM_ENGINE=thread"}));
  EXPECT_EQ(config_.engine, Engine::kThread);
  ASSERT_TRUE(parse({"SEQSHIM_ENGINE=auto"}));
  EXPECT_EQ(config_.engine, Engine::kAuto);
}

TEST_F(ConfigTest, TheGuardIsOnOrOff) {
  ASSERT_TRUE(parse({"SEQSHIM_GUARD=off"}));
  EXPECT_FALSE(config_.guard);
  ASSERT_TRUE(parse({"SEQSHIM_GUARD=on"}));
  EXPECT_TRUE(config_.guard);
}

TEST_F(ConfigTest, IdleTimesReachFromNoneToAnHour) {
  ASSERT_TRUE(parse({"SEQSHIM_IDLE_MS=0"}));
  EXPECT_EQ(config_.idle_ms, 0u);
  ASSERT_TRUE(parse({"SEQSHIM_IDLE_MS=3600000"}));
  EXPECT_EQ(config_.idle_ms, 3600000u);
}

TEST_F(ConfigTest, ARateIsNoneOrNotTooSlow) {
  ASSERT_TRUE(parse({"SEQSHIM_RATE=0"}));
  EXPECT_EQ(config_.rate, 0u);
  ASSERT_TRUE(parse({"SEQSHIM_RATE=64K"}));
  EXPECT_EQ(config_.rate, 64u << 10);
  for (const char* bad :
       {"SEQSHIM_RATE=1", "SEQSHIM_RATE=65535", "SEQSHIM_RATE=fast", "SEQSHIM_RATE=-1"})
    EXPECT_FALSE(parse({bad})) << bad;
}

TEST_F(ConfigTest, UnknownVariablesAreIgnored) {
  EXPECT_TRUE(parse({"SEQSHIM_IDLE=soon", "SEQSHIM_DEPTHS=99", "SEQSHIM_", "SEQSHIM_DEPTH"}));
}

TEST_F(ConfigTest, EmptyMeansUnset) {
  ASSERT_TRUE(parse(
      {"SEQSHIM_MATCH=", "SEQSHIM_CLUSTER=", "SEQSHIM_DEPTH=", "SEQSHIM_MEMORY=", "SEQSHIM_ENGINE=",
       "SEQSHIM_APPEND=", "SEQSHIM_DIRECT_MIN=", "SEQSHIM_GUARD=", "SEQSHIM_IDLE_MS=",
       "SEQSHIM_RATE=", "SEQSHIM_SYNC=", "SEQSHIM_REPORT=", "SEQSHIM_LOG=", "SEQSHIM_PROGRESS="}));
  EXPECT_TRUE(config_.guard);
  EXPECT_EQ(config_.idle_ms, 1000u);
  EXPECT_TRUE(config_.match.empty());
  EXPECT_EQ(config_.report, ReportKind::kNone);
}

TEST_F(ConfigTest, OfDuplicatesTheFirstCounts) {
  ASSERT_TRUE(parse({"SEQSHIM_DEPTH=2", "SEQSHIM_DEPTH=bad"}));
  EXPECT_EQ(config_.depth, 2u);
}

TEST_F(ConfigTest, BadValuesAreNamedWithWhatIsAllowed) {
  expect_error("SEQSHIM_CLUSTER=3M", "=3M: must be a power of two from 4K to 64M");
  expect_error("SEQSHIM_CLUSTER=2K", "4K to 64M");
  expect_error("SEQSHIM_CLUSTER=128M", "4K to 64M");
  expect_error("SEQSHIM_CLUSTER=0", "4K to 64M");
  expect_error("SEQSHIM_DEPTH=0", "1 to 16");
  expect_error("SEQSHIM_DEPTH=17", "1 to 16");
  expect_error("SEQSHIM_DEPTH=1K", "1 to 16");
  expect_error("SEQSHIM_MEMORY=much", "like 64M");
  expect_error("SEQSHIM_MEMORY=4K", "8K to 1024G");
  expect_error("SEQSHIM_MEMORY=99999999999G", "8K to 1024G");
  expect_error("SEQSHIM_ENGINE=Thread", "auto, thread or sync");
  expect_error("SEQSHIM_APPEND=yes", "0 or 1");
  expect_error("SEQSHIM_SYNC=on", "0 or 1");
  expect_error("SEQSHIM_DIRECT_MIN=-1", "like 256K");
  expect_error("SEQSHIM_GUARD=1", "=1: must be on or off");
  expect_error("SEQSHIM_GUARD=OFF", "on or off");
  expect_error("SEQSHIM_IDLE_MS=-1", "=-1: must be a number from 0 to 3600000");
  expect_error("SEQSHIM_IDLE_MS=3600001", "0 to 3600000");
  expect_error("SEQSHIM_IDLE_MS=1K", "0 to 3600000");
  expect_error("SEQSHIM_IDLE_MS=99999999999999999999", "0 to 3600000");
  expect_error("SEQSHIM_REPORT=/tmp/", "name a file");
}

TEST_F(ConfigTest, AfterAnErrorNothingIsManaged) {
  EXPECT_FALSE(parse({"SEQSHIM_MATCH=*", "SEQSHIM_REPORT=stderr", "SEQSHIM_DEPTH=99"}));
  EXPECT_TRUE(config_.match.empty());
  EXPECT_EQ(config_.report, ReportKind::kNone);
}

TEST_F(ConfigTest, ALongBadValueIsCut) {
  expect_error("SEQSHIM_ENGINE=" + std::string(1000000, 'x'), "xxx...: must be");
}

TEST_F(ConfigTest, ControlBytesOfABadValueAreReplaced) {
  expect_error("SEQSHIM_ENGINE=a\n\x1b[31m\x7f\x9b", "=a??[31m??: must be");
}

TEST_F(ConfigTest, MemoryNotAskedForGrowsWithTheCluster) {
  ASSERT_TRUE(parse({"SEQSHIM_CLUSTER=64M"}));
  EXPECT_EQ(config_.memory, 256u << 20);
  ASSERT_TRUE(parse({"SEQSHIM_CLUSTER=16M"}));
  EXPECT_EQ(config_.memory, 64u << 20);
}

TEST_F(ConfigTest, AClusterNotAskedForShrinksWithTheMemory) {
  ASSERT_TRUE(parse({"SEQSHIM_MEMORY=1M"}));
  EXPECT_EQ(config_.cluster, 256u << 10);
  ASSERT_TRUE(parse({"SEQSHIM_MEMORY=8K"}));
  EXPECT_EQ(config_.cluster, 4096u);
  ASSERT_TRUE(parse({"SEQSHIM_MEMORY=1G"}));
  EXPECT_EQ(config_.cluster, 1u << 20);
}

TEST_F(ConfigTest, BothAskedForMustFit) {
  EXPECT_FALSE(parse({"SEQSHIM_CLUSTER=1M", "SEQSHIM_MEMORY=2047K"}));
  EXPECT_NE(std::string(error_.text).find("SEQSHIM_MEMORY=2047K: must be at least two clusters"),
            std::string::npos);
  EXPECT_TRUE(parse({"SEQSHIM_MEMORY=2M", "SEQSHIM_CLUSTER=1M"}));
}

TEST_F(ConfigTest, MemoryIsWholeClusters) {
  ASSERT_TRUE(parse({"SEQSHIM_CLUSTER=1M", "SEQSHIM_MEMORY=3500K"}));
  EXPECT_EQ(config_.memory, 3u << 20);
}

TEST_F(ConfigTest, ReportKindsAreTold) {
  ASSERT_TRUE(parse({"SEQSHIM_REPORT=stderr"}));
  EXPECT_EQ(config_.report, ReportKind::kStderr);
  EXPECT_EQ(config_.report_path, nullptr);
  ASSERT_TRUE(parse({"SEQSHIM_REPORT=/dev/stderr"}));
  EXPECT_EQ(config_.report, ReportKind::kStderr);
  ASSERT_TRUE(parse({"SEQSHIM_REPORT=/a/b.json"}));
  EXPECT_EQ(config_.report, ReportKind::kJson);
  EXPECT_STREQ(config_.report_path, "/a/b.json");
}

TEST_F(ConfigTest, RelativePathsBecomeAbsolute) {
  const std::string here = std::filesystem::current_path();
  ASSERT_TRUE(parse({"SEQSHIM_MATCH=m", "SEQSHIM_REPORT=r.json", "SEQSHIM_LOG=sub/l"}));
  EXPECT_EQ(config_.report_path, here + "/r.json");
  EXPECT_EQ(config_.log_path, here + "/sub/l");
  EXPECT_TRUE(config_.match.matches("/m"));
}

TEST_F(ConfigTest, InTheRootRelativePathsHaveOneSlash) {
  const std::string here = std::filesystem::current_path();
  ASSERT_EQ(chdir("/"), 0);
  ASSERT_TRUE(parse({"SEQSHIM_LOG=l"}));
  EXPECT_STREQ(config_.log_path, "/l");
  ASSERT_EQ(chdir(here.c_str()), 0);
}

TEST_F(ConfigTest, InARemovedDirectoryARelativePathIsAnError) {
  const std::string here = std::filesystem::current_path();
  char name[] = "/tmp/config_testXXXXXX";
  ASSERT_NE(mkdtemp(name), nullptr);
  ASSERT_EQ(chdir(name), 0);
  ASSERT_EQ(rmdir(name), 0);
  expect_error("SEQSHIM_LOG=l", "absolute path");
  EXPECT_TRUE(parse({"SEQSHIM_LOG=/l"}));
  ASSERT_EQ(chdir(here.c_str()), 0);
}

TEST_F(ConfigTest, TheLongestPathsFit) {
  const std::string longest(4095, 'x');
  ASSERT_TRUE(parse(
      {"SEQSHIM_REPORT=" + longest, "SEQSHIM_LOG=" + longest, "SEQSHIM_PROGRESS=" + longest}));
  EXPECT_EQ(std::string(config_.log_path), std::filesystem::current_path() / longest);
  EXPECT_EQ(std::string(config_.progress_path), std::filesystem::current_path() / longest);
  expect_error("SEQSHIM_LOG=" + longest + "x", "at most 4095");
}

TEST_F(ConfigTest, PatternsOfMegabytesAreKept) {
  std::string entry = "SEQSHIM_MATCH=";
  for (int i = 0; i < 500000; ++i) entry += "no\xff\x01:";
  ASSERT_TRUE(parse({entry + "yes"}));
  EXPECT_TRUE(config_.match.matches("/yes"));
  EXPECT_TRUE(config_.match.matches("/no\xff\x01"));
  EXPECT_FALSE(config_.match.matches("/maybe"));
}

}  // namespace
}  // namespace seqshim
