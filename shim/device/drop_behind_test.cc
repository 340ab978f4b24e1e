#include "shim/device/drop_behind.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <string>
#include <vector>

#include "shim/device/residency.h"
#include "shim/device/test_support.h"

namespace seqshim {
namespace {

constexpr int64_t kPage = 4096;
constexpr int64_t kMiB = 1 << 20;

/// A file that is on the disk and not in the page cache, and its reader.
class DropBehindTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!takes_direct(".")) GTEST_SKIP() << "the page cache is the storage here";
    if (resident_pages(file_.fd(), 0, kPage, false) < 0) GTEST_SKIP() << "nobody tells";
  }

  void make(int64_t size) {
    const std::string piece(static_cast<size_t>(kMiB), 'x');
    for (int64_t at = 0; at < size; at += kMiB)
      ASSERT_GT(
          pwrite(file_.fd(), piece.data(), static_cast<size_t>(std::min(kMiB, size - at)), at), 0);
    ASSERT_EQ(fsync(file_.fd()), 0);
    posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_DONTNEED);
    ASSERT_EQ(resident(0, size), 0);
    size_ = size;
    behind_.start(size, false);
  }

  int64_t resident(int64_t from, int64_t bytes) const {
    return resident_pages(file_.fd(), from, static_cast<size_t>(bytes), false);
  }

  /// Brings the pages in, and no others.
  void fill(int64_t from, int64_t bytes) {
    posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_RANDOM);
    std::vector<char> room(static_cast<size_t>(bytes));
    ASSERT_EQ(pread(file_.fd(), room.data(), room.size(), from), bytes);
    posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_NORMAL);
  }

  /// As a program would, and as about_to_read() does.
  void read(int64_t from, int64_t to, size_t piece) {
    std::vector<char> room(piece);
    int64_t until = 0;
    for (int64_t at = from; at < to;) {
      if (at + static_cast<int64_t>(piece) > until)
        until = behind_.advance(file_.fd(), at, piece, total_);
      const ssize_t got = pread(file_.fd(), room.data(), piece, at);
      ASSERT_GT(got, 0);
      at += got;
      total_ += static_cast<uint64_t>(got);
      most_ = std::max(most_, resident(0, size_));
    }
  }

  DiskFile file_;
  DropBehind behind_{};
  int64_t size_ = 0;
  uint64_t total_ = 0;
  int64_t most_ = 0;  // pages that were resident at once
};

TEST_F(DropBehindTest, SmallFileIsGoneAtTheEnd) {
  make(9000);
  read(0, size_, 1000);
  EXPECT_EQ(resident(0, size_), 3);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), 0);
}

TEST_F(DropBehindTest, WhatWasThereStays) {
  make(200 * kPage);
  fill(64 * kPage, 30 * kPage);
  read(0, size_, 10240);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(64 * kPage, 30 * kPage), 30);
  EXPECT_LE(resident(0, size_), 32);  // the rest of a granule
}

TEST_F(DropBehindTest, LargeFileIsDroppedOnTheWay) {
  make(96 * kMiB);
  read(0, size_, 10240);
  EXPECT_LE(most_, 40 * kMiB / kPage);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), 0);
}

TEST_F(DropBehindTest, FarIntoALargeFileWhatWasThereStays) {
  make(96 * kMiB);
  fill(80 * kMiB, kMiB);
  const int64_t before = resident(80 * kMiB, kMiB);
  read(0, size_, 65536);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), before);
}

TEST_F(DropBehindTest, OneReadMayBeLargerThanAStretch) {
  make(96 * kMiB);
  read(0, size_, 96 * kMiB);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), 0);
}

TEST_F(DropBehindTest, WhatIsReadAheadIsWaitedFor) {
  make(96 * kMiB);
  read(0, 50 * kMiB, 65536);
  behind_.finish(file_.fd());
  EXPECT_LE(resident(0, size_), kMiB / kPage);
}

TEST_F(DropBehindTest, JumpsLeaveNothing) {
  make(96 * kMiB);
  read(90 * kMiB, 91 * kMiB, 65536);
  read(0, kMiB, 65536);
  read(70 * kMiB + 5, 71 * kMiB, 65536);
  read(69 * kMiB, 70 * kMiB, 65536);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), 0);
}

TEST_F(DropBehindTest, LittleThatWasReadStaysUntilTheEnd) {
  make(24 * kMiB);
  read(0, 12, 12);
  read(size_ - 20, size_, 20);
  EXPECT_GT(resident(0, kPage), 0);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), 0);
}

TEST_F(DropBehindTest, FileThatHasGrownIsFollowed) {
  make(96 * kMiB);
  behind_.start(9000, false);
  read(0, 9000, 9000);
  read(9000, size_, 65536);
  behind_.finish(file_.fd());
  EXPECT_LE(resident(0, size_), 16 * kMiB / kPage);  // read ahead before it was seen
}

TEST_F(DropBehindTest, ForgottenFileKeepsItsPages) {
  make(9000);
  read(0, size_, 9000);
  behind_.forget();
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), 3);
}

TEST_F(DropBehindTest, MappingTellsTheSame) {
  make(70 * kMiB);
  fill(65 * kMiB, kMiB);
  // Where cachestat(2) knows nothing.
  EXPECT_EQ(resident_pages(file_.fd(), 0, static_cast<size_t>(size_), true), resident(0, size_));
  behind_.start(size_, true);
  const int64_t before = resident(0, size_);
  read(0, size_, 65536);
  behind_.finish(file_.fd());
  EXPECT_EQ(resident(0, size_), before);
}

}  // namespace
}  // namespace seqshim
