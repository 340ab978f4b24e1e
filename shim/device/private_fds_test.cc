#include "shim/device/private_fds.h"

#include <gtest/gtest.h>

#include "shim/device/test_support.h"

namespace seqshim {
namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(PrivateDescriptors, AreHighAndCloseOnExec) {
  const DiskFile file;
  const int ours = duplicate_private(file.fd());
  ASSERT_GE(ours, kLeastPrivate);
  EXPECT_EQ(::fcntl(ours, F_GETFD), FD_CLOEXEC);
  close_private(ours);
}

TEST(PrivateDescriptors, AreKnownUntilClosed) {
  const DiskFile file;
  const int ours = duplicate_private(file.fd());
  EXPECT_TRUE(is_private(ours));
  close_private(ours);
  EXPECT_FALSE(is_private(ours));
  EXPECT_FALSE(is_open(ours));
}

TEST(PrivateDescriptors, OthersAreNotPrivate) {
  EXPECT_FALSE(is_private(-1));
  EXPECT_FALSE(is_private(0));
  EXPECT_FALSE(is_private(kLeastPrivate - 1));
  EXPECT_FALSE(is_private(kDescriptorLimit));
  EXPECT_FALSE(is_private(1 << 30));
  const DiskFile file;
  const int theirs = ::fcntl(file.fd(), F_DUPFD, kLeastPrivate);
  EXPECT_FALSE(is_private(theirs));
  ::close(theirs);
}

TEST(PrivateDescriptors, NothingComesOfAClosedOne) {
  EXPECT_EQ(duplicate_private(-1), -1);
  EXPECT_EQ(open_private_direct(987654, 0), -1);
}

TEST(PrivateDescriptors, NoneTakesThePlaceOfOneThatWasClosedBehindOurBack) {
  const int first = duplicate_private(0), second = duplicate_private(0);
  ASSERT_LT(first, second);
  close(first);
  const int third = duplicate_private(0);
  EXPECT_NE(third, first);
  EXPECT_EQ(fcntl(first, F_GETFD), -1);
  forget_private(first);
  const int fourth = duplicate_private(0);
  EXPECT_EQ(fourth, first);
  for (const int fd : {second, third, fourth}) close_private(fd);
}

TEST(PrivateDescriptors, DuplicateSharesTheDescription) {
  const DiskFile file;
  const int ours = duplicate_private(file.fd());
  ASSERT_EQ(::lseek(file.fd(), 4711, SEEK_SET), 4711);
  EXPECT_EQ(::lseek(ours, 0, SEEK_CUR), 4711);
  close_private(ours);
}

TEST(PrivateDescriptors, DirectOneIsADescriptionOfItsOwn) {
  if (!takes_direct(".")) GTEST_SKIP() << "no O_DIRECT here";
  const DiskFile file;
  ASSERT_EQ(::lseek(file.fd(), 4711, SEEK_SET), 4711);
  const int ours = open_private_direct(file.fd(), 0);
  ASSERT_GE(ours, kLeastPrivate);
  EXPECT_EQ(::lseek(ours, 0, SEEK_CUR), 0);
  const int flags = ::fcntl(ours, F_GETFL);
  EXPECT_NE(flags & O_DIRECT, 0);
  EXPECT_EQ(flags & O_ACCMODE, O_WRONLY);
  EXPECT_EQ(flags & O_APPEND, 0);
  EXPECT_EQ(::fcntl(file.fd(), F_GETFL) & O_DIRECT, 0);
  EXPECT_EQ(::fcntl(ours, F_GETFD), FD_CLOEXEC);
  close_private(ours);
}

TEST(PrivateDescriptors, DirectOneKeepsTheFlagsAskedFor) {
  if (!takes_direct(".")) GTEST_SKIP() << "no O_DIRECT here";
  const DiskFile file;
  const int ours = open_private_direct(file.fd(), O_APPEND);
  EXPECT_NE(::fcntl(ours, F_GETFL) & O_APPEND, 0);
  close_private(ours);
}

TEST(PrivateDescriptors, LowestFreeNumberStaysTheProgramsOwn) {
  const DiskFile file;
  const int before = ::dup(file.fd());
  ::close(before);
  const int ours = open_private_direct(file.fd(), 0);
  const int after = ::dup(file.fd());
  EXPECT_EQ(after, before);
  ::close(after);
  if (ours >= 0) close_private(ours);
}

TEST(PrivateDescriptors, NextFindsEachInARange) {
  const DiskFile file;
  const int first = duplicate_private(file.fd());
  const int between = ::fcntl(file.fd(), F_DUPFD, first + 1);
  const int second = duplicate_private(file.fd());
  ASSERT_LT(first, between);
  ASSERT_LT(between, second);
  EXPECT_EQ(next_private(0, kDescriptorLimit), first);
  EXPECT_EQ(next_private(first, first), first);
  EXPECT_EQ(next_private(first + 1, second), second);
  EXPECT_EQ(next_private(first + 1, second - 1), -1);
  EXPECT_EQ(next_private(second + 1, kDescriptorLimit - 1), -1);
  EXPECT_EQ(next_private(second, first), -1);
  close_private(first);
  EXPECT_EQ(next_private(0, kDescriptorLimit), second);
  close_private(second);
  EXPECT_EQ(next_private(0, kDescriptorLimit), -1);
  ::close(between);
}

TEST(PrivateDescriptors, NextLooksBeyondAWordOfTheMap) {
  const DiskFile file;
  // Fill up 100 numbers, so that the next lies more than one 64-bit word away.
  std::vector<int> theirs(100);
  for (int& fd : theirs) fd = ::fcntl(file.fd(), F_DUPFD, kLeastPrivate);
  const int ours = duplicate_private(file.fd());
  ASSERT_GT(ours, kLeastPrivate + 64);
  EXPECT_EQ(next_private(kLeastPrivate, kDescriptorLimit - 1), ours);
  EXPECT_EQ(next_private(kLeastPrivate, ours - 1), -1);
  close_private(ours);
  for (const int fd : theirs) ::close(fd);
}

TEST(PrivateDescriptors, InheritedOnesAreClosedTogether) {
  const DiskFile file;
  const int first = duplicate_private(file.fd());
  const int second = duplicate_private(file.fd());
  close_inherited_private();
  EXPECT_FALSE(is_open(first));
  EXPECT_FALSE(is_open(second));
  EXPECT_TRUE(is_open(file.fd()));
  EXPECT_EQ(next_private(0, kDescriptorLimit - 1), -1);
}

}  // namespace
}  // namespace seqshim
