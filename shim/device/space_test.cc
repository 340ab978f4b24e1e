#include "shim/device/space.h"

#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "shim/device/test_support.h"

namespace seqshim {
namespace {

constexpr size_t kCluster = size_t{64} << 10;
constexpr uint64_t kNoMargin = 0;
constexpr uint64_t kMoreThanAnyDisk = UINT64_MAX / 2;

class SpaceTest : public testing::Test {
 protected:
  void SetUp() override {
    struct statfs facts {};
    ASSERT_EQ(fstatfs(file_.fd(), &facts), 0);
    if (facts.f_type != EXT4_SUPER_MAGIC && facts.f_type != 0x58465342)
      GTEST_SKIP() << "nothing is reserved on this file system";
  }

  Space::Verdict ask(int64_t from, uint64_t margin, bool may_reserve = true) {
    return space_.ask({.fd = file_.fd(),
                       .device = facts().st_dev,
                       .from = from,
                       .cluster_size = kCluster,
                       .margin = margin,
                       .may_reserve = may_reserve});
  }
  struct stat facts() const {
    struct stat facts {};
    fstat(file_.fd(), &facts);
    return facts;
  }
  void fill_to(int64_t size) {
    const std::string bytes(static_cast<size_t>(size), 'x');
    ASSERT_EQ(pwrite(file_.fd(), bytes.data(), bytes.size(), 0), size);
    ASSERT_EQ(fsync(file_.fd()), 0);
  }

  DiskFile file_;
  Space space_;
};

TEST_F(SpaceTest, FarFromTheLimitNothingIsReserved) {
  EXPECT_EQ(ask(0, kNoMargin), Space::Verdict::kGranted);
  EXPECT_EQ(ask(int64_t{1} << 40, kNoMargin, false), Space::Verdict::kGranted);
  EXPECT_FALSE(space_.reserves());
  EXPECT_EQ(facts().st_blocks, 0);
}

TEST_F(SpaceTest, NearItWhatTheClusterTakesIsReservedBeyondTheEnd) {
  fill_to(kCluster + 100);
  const int64_t before = facts().st_blocks;
  EXPECT_EQ(ask(kCluster + 100, kMoreThanAnyDisk), Space::Verdict::kGranted);
  EXPECT_TRUE(space_.reserves());
  EXPECT_EQ(facts().st_size, static_cast<int64_t>(kCluster) + 100);
  EXPECT_GE((facts().st_blocks - before) * 512, static_cast<int64_t>(kCluster) - 2 * 4096);
}

TEST_F(SpaceTest, WhatIsNotUsedIsGivenBack) {
  fill_to(kCluster);
  const int64_t before = facts().st_blocks;
  ASSERT_EQ(ask(kCluster, kMoreThanAnyDisk), Space::Verdict::kGranted);
  space_.trim(file_.fd());
  EXPECT_EQ(fcntl(file_.fd(), F_GETSIG), 0);
  EXPECT_FALSE(space_.reserves());
  EXPECT_EQ(facts().st_blocks, before);
  EXPECT_EQ(file_.contents(), std::string(kCluster, 'x'));
}

TEST_F(SpaceTest, WhileOthersHaveItOpenNothingIsCutOff) {
  fill_to(kCluster);
  ASSERT_EQ(ask(kCluster, kMoreThanAnyDisk), Space::Verdict::kGranted);
  const int64_t reserved = facts().st_blocks;
  const int other = ::open(file_.path(), O_RDONLY);
  space_.trim(file_.fd());
  ::close(other);
  EXPECT_EQ(facts().st_blocks, reserved);
}

TEST_F(SpaceTest, WhatIsFullIsLeftAlone) {
  fill_to(kCluster);
  ASSERT_EQ(ask(kCluster, kMoreThanAnyDisk), Space::Verdict::kGranted);
  fill_to(2 * kCluster);
  const struct stat before = facts();
  space_.trim(file_.fd());
  EXPECT_EQ(facts().st_mtim.tv_nsec, before.st_mtim.tv_nsec);
  EXPECT_EQ(facts().st_blocks, before.st_blocks);
}

TEST_F(SpaceTest, SmallFilesAreLeftToTheKernelForNow) {
  EXPECT_EQ(ask(0, kMoreThanAnyDisk), Space::Verdict::kNotYet);
  EXPECT_EQ(ask(kCluster - 1, kMoreThanAnyDisk), Space::Verdict::kNotYet);
}

TEST_F(SpaceTest, WhereOthersWriteOrBytesLieInTheFileNothingIsReserved) {
  fill_to(3 * kCluster);
  EXPECT_EQ(ask(kCluster, kMoreThanAnyDisk), Space::Verdict::kNever);
  EXPECT_EQ(ask(3 * kCluster, kMoreThanAnyDisk, false), Space::Verdict::kNever);
  EXPECT_FALSE(space_.reserves());
}

TEST_F(SpaceTest, AClosedDescriptorHasNoSpace) {
  EXPECT_EQ(space_.ask({.fd = -1,
                        .device = 0,
                        .from = 0,
                        .cluster_size = kCluster,
                        .margin = 0,
                        .may_reserve = true}),
            Space::Verdict::kNever);
}

}  // namespace
}  // namespace seqshim
