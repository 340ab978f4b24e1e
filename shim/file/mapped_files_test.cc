#include "shim/file/mapped_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

class MappedFilesTest : public testing::Test {
 protected:
  /// A file of that name, new if there is none.
  int opened(const std::string& name, int flags = O_RDWR) {
    const int fd = ::open((directory_ / name).c_str(), flags | O_CREAT, 0600);
    EXPECT_GE(fd, 0);
    return fd;
  }

  const TemporaryDirectory directory_{"."};
  const std::unique_ptr<MappedFiles> files_ = std::make_unique<MappedFiles>();
};

TEST_F(MappedFilesTest, AreNoneAtFirst) {
  const int fd = opened("a");
  EXPECT_FALSE(files_->may_have(fd));
  ::close(fd);
}

TEST_F(MappedFilesTest, AreKnownByEachNumberAndName) {
  const int fd = opened("a");
  EXPECT_FALSE(files_->note(fd));
  ASSERT_EQ(::link((directory_ / "a").c_str(), (directory_ / "b").c_str()), 0);
  for (const char* name : {"a", "b"}) {
    const int again = opened(name, O_RDONLY);
    EXPECT_TRUE(files_->may_have(again));
    ::close(again);
  }
  const int other = opened("c");
  EXPECT_FALSE(files_->may_have(other));
  for (const int one : {fd, other}) ::close(one);
}

TEST_F(MappedFilesTest, AreNotThoseThatGetTheirNumbers) {
  const int fd = opened("a");
  struct stat before, after;
  ASSERT_EQ(::fstat(fd, &before), 0);
  files_->note(fd);
  ::close(fd);
  ::unlink((directory_ / "a").c_str());
  ::usleep(20'000);  // a tick of the clock that births are told by
  const int next = opened("b");
  ASSERT_EQ(::fstat(next, &after), 0);
  if (after.st_ino != before.st_ino) GTEST_SKIP() << "the number isn't given out again at once";
  EXPECT_FALSE(files_->may_have(next));
  ::close(next);
}

TEST_F(MappedFilesTest, OnlyFilesCount) {
  const int null = ::open("/dev/null", O_RDWR);
  EXPECT_FALSE(files_->note(null));
  EXPECT_FALSE(files_->note(-1));
  EXPECT_FALSE(files_->may_have(null));
  ::close(null);
}

TEST_F(MappedFilesTest, AreManyUntilTheyAreTooMany) {
  int first = -1;
  size_t count = 0;
  for (bool overflows = false; !overflows; ++count) {
    const int fd = ::memfd_create("one", 0);
    ASSERT_GE(fd, 0);
    ASSERT_LT(count, 200'000u);
    if (first < 0) first = ::dup(fd);
    overflows = files_->note(fd);
    EXPECT_EQ(files_->every_file(), overflows);
    ::close(fd);
  }
  EXPECT_GT(count, 60'000u);
  const int other = opened("other");
  EXPECT_TRUE(files_->may_have(first));
  EXPECT_TRUE(files_->may_have(other));
  EXPECT_FALSE(files_->note(::memfd_create("told once", 0)));
  for (const int fd : {first, other}) ::close(fd);
}

}  // namespace
}  // namespace seqshim
