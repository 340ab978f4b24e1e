#include "shim/device/device.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include "shim/device/private_fds.h"
#include "shim/device/test_support.h"

namespace seqshim {
namespace {

constexpr int64_t kMiB = 1 << 20;

/// Pages of the file in the page cache; -1: the kernel won't say.
int64_t resident(int fd) {
  const uint64_t range[2] = {0, 0};
  uint64_t facts[5] = {};
  return syscall(451, fd, range, facts, 0) == 0 ? static_cast<int64_t>(facts[0]) : -1;
}

/// Writes `count` of the bytes at `offset`, and returns how many went direct.
size_t write_by(Device& device, const DiskFile& file, int64_t offset, const AlignedBytes& bytes,
                size_t count) {
  Transfer transfer{};
  transfer.offset = offset;
  transfer.data = bytes.data();
  transfer.bytes = count;
  device.prepare(transfer, file.fd(), 0);
  carry_out(transfer);
  device.learn(transfer);
  return transfer.direct_bytes;
}

class DeviceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!takes_direct(".")) GTEST_SKIP() << "no O_DIRECT here";
  }
  void TearDown() override {
    if (device_.direct_fd() >= 0) close_private(device_.direct_fd());
  }

  DiskFile file_;
  Pace pace_;
  Device device_{file_.id(), pace_};
};

TEST_F(DeviceTest, NothingIsDecidedAtFirst) {
  EXPECT_FALSE(device_.decided());
  EXPECT_EQ(device_.direct_fd(), -1);
  Transfer transfer{};
  device_.prepare(transfer, file_.fd(), 123);
  EXPECT_EQ(transfer.direct, -1);
  EXPECT_EQ(transfer.plain, file_.fd());
  EXPECT_EQ(transfer.least_direct, 123u);
}

TEST_F(DeviceTest, OnADiskItGoesDirect) {
  device_.decide(file_.fd(), false);
  EXPECT_EQ(device_.rung(), Rung::kDirect);
  EXPECT_TRUE(is_private(device_.direct_fd()));
  Transfer transfer{};
  device_.prepare(transfer, file_.fd(), 0);
  EXPECT_EQ(transfer.direct, device_.direct_fd());
  EXPECT_GE(transfer.unit, 4096u);
  EXPECT_EQ(transfer.unit & (transfer.unit - 1), 0u);
}

TEST_F(DeviceTest, DirectBytesLeaveNothingInThePageCache) {
  device_.decide(file_.fd(), false);
  const AlignedBytes bytes(0, kMiB);
  EXPECT_EQ(write_by(device_, file_, 0, bytes, kMiB), static_cast<size_t>(kMiB));
  EXPECT_EQ(device_.rung(), Rung::kDirect);
  EXPECT_LE(resident(file_.fd()), 0);
  EXPECT_TRUE(file_.contents() == bytes.text());
}

TEST_F(DeviceTest, EdgesAreDroppedFromThePageCache) {
  device_.decide(file_.fd(), false);
  const AlignedBytes bytes(1000, kMiB);
  write_by(device_, file_, 1000, bytes, kMiB);
  if (resident(file_.fd()) < 0) GTEST_SKIP() << "no cachestat here";
  EXPECT_GT(resident(file_.fd()), 0);
  device_.drop_edges(file_.fd());
  EXPECT_EQ(resident(file_.fd()), 0);
}

TEST_F(DeviceTest, SmallFileIsLeftInThePageCacheUntilDecided) {
  const AlignedBytes bytes(0, 5000);
  write_by(device_, file_, 0, bytes, 5000);
  device_.drop_edges(file_.fd());
  if (resident(file_.fd()) < 0) GTEST_SKIP() << "no cachestat here";
  EXPECT_EQ(resident(file_.fd()), 2);
}

TEST_F(DeviceTest, RefusalStepsDown) {
  device_.decide(file_.fd(), false);
  Transfer refused{};
  refused.rung = Rung::kDirect;
  refused.direct_error = EINVAL;
  device_.learn(refused);
  EXPECT_EQ(device_.rung(), Rung::kDontCache);
  EXPECT_GE(device_.direct_fd(), 0);  // others may still be under way on it
  Transfer next{};
  device_.prepare(next, file_.fd(), 0);
  EXPECT_EQ(next.direct, -1);
}

TEST_F(DeviceTest, DiskFullIsNoReasonToStepDown) {
  device_.decide(file_.fd(), false);
  Transfer refused{};
  refused.rung = Rung::kDirect;
  refused.direct_error = ENOSPC;
  device_.learn(refused);
  EXPECT_EQ(device_.rung(), Rung::kDirect);
}

TEST_F(DeviceTest, DirectBytesThatStayInThePageCacheStepDown) {
  if (resident(file_.fd()) < 0) GTEST_SKIP() << "no cachestat here";
  device_.decide(file_.fd(), false);
  // As a file system does that buffers silently: the bytes are there, and in the page cache.
  const std::string text(kMiB, 'x');
  ASSERT_EQ(pwrite(file_.fd(), text.data(), text.size(), 0), kMiB);
  Transfer transfer{};
  device_.prepare(transfer, file_.fd(), 0);
  transfer.bytes = transfer.written = transfer.direct_bytes = kMiB;
  transfer.direct_writes = 1;
  device_.learn(transfer);
  EXPECT_EQ(device_.rung(), Rung::kDontCache);
}

TEST_F(DeviceTest, TransferThatWasUnderWayDoesNotStepUpAgain) {
  device_.decide(file_.fd(), false);
  Transfer refused{}, under_way{};
  device_.prepare(refused, file_.fd(), 0);
  device_.prepare(under_way, file_.fd(), 0);
  refused.direct_error = EINVAL;
  device_.learn(refused);
  device_.learn(under_way);
  EXPECT_EQ(device_.rung(), Rung::kDontCache);
}

TEST_F(DeviceTest, ErrorOfTheDirectDescriptorStepsDown) {
  device_.decide(file_.fd(), false);
  Transfer refused{};
  device_.prepare(refused, file_.fd(), 0);
  refused.direct_error = EIO;
  device_.learn(refused);
  EXPECT_EQ(device_.rung(), Rung::kDontCache);
}

TEST_F(DeviceTest, WhatCanBeDroppedStaysOnItsRung) {
  device_.decide(file_.fd(), false);
  const AlignedBytes bytes(0, kMiB);
  ASSERT_EQ(pwrite(file_.fd(), bytes.data(), kMiB, 0), kMiB);
  Transfer dropping{};
  dropping.rung = Rung::kDropBehind;
  dropping.plain = file_.fd();
  dropping.bytes = dropping.written = kMiB;
  EXPECT_EQ(device_.learn(dropping), 0);
  EXPECT_EQ(device_.rung(), Rung::kDropBehind);
  EXPECT_LE(resident(file_.fd()), 0);
}

TEST_F(DeviceTest, DontCacheStaysSteppedDown) {
  device_.decide(file_.fd(), false);
  Transfer refused{};
  refused.direct_error = EOPNOTSUPP;
  device_.learn(refused);
  Transfer dropping{};
  dropping.rung = Rung::kDropBehind;
  device_.learn(dropping);
  EXPECT_EQ(device_.rung(), Rung::kDropBehind);
}

TEST_F(DeviceTest, AppendKeepsTheFlag) {
  device_.decide(file_.fd(), true);
  EXPECT_NE(::fcntl(device_.direct_fd(), F_GETFL) & O_APPEND, 0);
}

TEST_F(DeviceTest, WithoutItsDirectDescriptorItDecidesAnew) {
  device_.decide(file_.fd(), false);
  EXPECT_TRUE(device_.decided());
  close_private(device_.direct_fd());
  device_.lose_direct();
  EXPECT_EQ(device_.direct_fd(), -1);
  EXPECT_FALSE(device_.decided());
}

TEST_F(DeviceTest, FileThatMayNotBeOpenedAgainIsBuffered) {
  if (geteuid() == 0) GTEST_SKIP() << "root may open anything";
  ASSERT_EQ(fchmod(file_.fd(), 0400), 0);
  device_.decide(file_.fd(), false);
  EXPECT_EQ(device_.rung(), Rung::kDontCache);
  EXPECT_EQ(device_.direct_fd(), -1);
}

/// A file on tmpfs, which this device took for a disk.
TEST(DeviceInMemory, WhatCannotBeDroppedIsLeftToTheKernel) {
  struct statfs facts {};
  constexpr long kTmpfs = 0x01021994;
  if (statfs("/dev/shm", &facts) != 0 || facts.f_type != kTmpfs) GTEST_SKIP() << "no tmpfs here";
  const DiskFile file("/dev/shm"), disk;
  if (file.fd() < 0 || disk.fd() < 0) GTEST_SKIP() << "/dev/shm can't be written";
  Pace pace;
  Device device(disk.id(), pace);
  device.decide(disk.fd(), false);
  const AlignedBytes bytes(0, kMiB);
  Transfer dropping{};
  device.prepare(dropping, file.fd(), 0);
  dropping.file = file.id();
  dropping.direct = -1;
  dropping.rung = Rung::kDropBehind;
  dropping.data = bytes.data();
  dropping.bytes = kMiB;
  carry_out(dropping);
  EXPECT_EQ(device.learn(dropping), 0);
  EXPECT_EQ(device.rung(), Rung::kPlain);
  if (device.direct_fd() >= 0) close_private(device.direct_fd());
}

TEST(DeviceInMemory, MemoryIsNotCachedAgain) {
  struct statfs facts {};
  constexpr long kTmpfs = 0x01021994;
  if (statfs("/dev/shm", &facts) != 0 || facts.f_type != kTmpfs) GTEST_SKIP() << "no tmpfs here";
  const DiskFile file("/dev/shm");
  if (file.fd() < 0) GTEST_SKIP() << "/dev/shm can't be written";
  Pace pace;
  Device device(file.id(), pace);
  device.decide(file.fd(), false);
  EXPECT_EQ(device.rung(), Rung::kPlain);
  EXPECT_EQ(device.direct_fd(), -1);
}

}  // namespace
}  // namespace seqshim
