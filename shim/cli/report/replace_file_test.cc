#include "shim/cli/report/replace_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

namespace fs = std::filesystem;

class ReplaceFileTest : public testing::Test {
 protected:
  long files() const {
    return std::distance(fs::directory_iterator(dir_ / ""), fs::directory_iterator());
  }
  unsigned mode_of(const std::string& path) const {
    struct stat facts {};
    return stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
  }

  TemporaryDirectory dir_;
  std::string path_ = dir_ / "page";
};

TEST_F(ReplaceFileTest, ANewOneHasTheUsualMode) {
  const mode_t mask = umask(027);
  EXPECT_TRUE(replace_file(path_, "text"));
  umask(mask);
  EXPECT_EQ(contents(path_), "text");
  EXPECT_EQ(mode_of(path_), 0640u);
  EXPECT_EQ(files(), 1);
}

TEST_F(ReplaceFileTest, AnOldOneIsReplacedAsAWhole) {
  std::ofstream(path_) << "something longer";
  chmod(path_.c_str(), 0604);
  const int reader = open(path_.c_str(), O_RDONLY);
  EXPECT_TRUE(replace_file(path_, "text"));
  EXPECT_EQ(contents(path_), "text");
  EXPECT_EQ(mode_of(path_), 0604u);
  char byte = 0;
  EXPECT_EQ(read(reader, &byte, 1), 1);  // who has it open still has the old one
  EXPECT_EQ(byte, 's');
  close(reader);
  EXPECT_EQ(files(), 1);
}

TEST_F(ReplaceFileTest, ALinkStaysOne) {
  fs::create_symlink("target", path_);
  EXPECT_TRUE(replace_file(path_, "one"));  // to nothing yet
  EXPECT_TRUE(replace_file(path_, "two"));
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(contents(dir_ / "target"), "two");
}

TEST_F(ReplaceFileTest, ADeviceIsWrittenTo) {
  EXPECT_TRUE(replace_file("/dev/null", "text"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_FALSE(replace_file("/dev/full", "text"));
}

TEST_F(ReplaceFileTest, WhatFailsLeavesNothing) {
  EXPECT_FALSE(replace_file(dir_ / "missing/page", "text"));
  EXPECT_FALSE(replace_file(dir_ / "", "text"));
  EXPECT_EQ(files(), 0);
}

}  // namespace
}  // namespace seqshim
