#include "shim/report/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

class ProgressTest : public testing::Test {
 protected:
  ProgressTest()
      : progress_(*static_cast<Progress*>(mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
                                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {}
  ~ProgressTest() override { munmap(&progress_, sizeof progress_); }

  static Tallies accepted(uint64_t bytes, uint64_t landed = 0) {
    Tallies tallies;
    tallies[Tally::kAccepted] = bytes;
    tallies[Tally::kLanded] = landed;
    return tallies;
  }
  size_t shown() const {
    size_t count = 0;
    for (const ProgressSlot& slot : progress_.slots) count += slot.state == ProgressSlot::kShown;
    return count;
  }

  Progress& progress_;
};

TEST_F(ProgressTest, WhatAFileTellsIsInItsSlotAndInTheTotals) {
  FileProgress file;
  file.tell(progress_, accepted(100, 40), {1, 2}, "/a/b");
  file.tell(progress_, accepted(300, 300), {1, 2}, "/a/b");
  EXPECT_EQ(progress_.totals.now(), accepted(300, 300));
  EXPECT_EQ(progress_.slots[0].tallies.now(), accepted(300, 300));
  EXPECT_STREQ(progress_.slots[0].path, "/a/b");
  EXPECT_EQ(progress_.slots[0].process, getpid());
  EXPECT_EQ(progress_.files, 1u);
}

TEST_F(ProgressTest, NothingIsToldOfAFileThatIsNotWritten) {
  FileProgress file;
  file.tell(progress_, {}, {1, 2}, "/a");
  EXPECT_EQ(progress_.files, 0u);
  EXPECT_EQ(shown(), 0u);
}

TEST_F(ProgressTest, TheTotalsOutliveTheFile) {
  FileProgress file;
  file.tell(progress_, accepted(7), {1, 2}, "/a");
  file.end();
  EXPECT_EQ(shown(), 0u);
  FileProgress next;
  next.tell(progress_, accepted(5), {1, 3}, "/b");
  EXPECT_EQ(progress_.totals.now(), accepted(12));
  EXPECT_EQ(progress_.slots[0].tallies.now(), accepted(5));
  EXPECT_EQ(progress_.files, 2u);
}

TEST_F(ProgressTest, AFileCountsOnceHoweverOftenItIsOpened) {
  for (int i = 0; i < 3; ++i) {
    FileProgress file;
    file.tell(progress_, accepted(1), {1, 2}, "/a");
    file.end();
  }
  EXPECT_EQ(progress_.files, 1u);
  EXPECT_EQ(progress_.totals.now(), accepted(3));
}

TEST_F(ProgressTest, AfterARestartCountingGoesOnFromZero) {
  FileProgress file;
  file.tell(progress_, accepted(7), {1, 2}, "/a");
  file.restart();
  file.tell(progress_, accepted(3), {1, 2}, "/a");
  EXPECT_EQ(progress_.totals.now(), accepted(10));
}

TEST_F(ProgressTest, FilesWithoutASlotCountInTheTotals) {
  std::vector<FileProgress> files(Progress::kSlots + 10);
  for (size_t i = 0; i < files.size(); ++i) files[i].tell(progress_, accepted(1), {1, i + 1}, "/a");
  EXPECT_EQ(shown(), Progress::kSlots);
  EXPECT_EQ(progress_.totals.now(), accepted(files.size()));
  EXPECT_EQ(progress_.files, files.size());
  files[3].end();
  files.back().tell(progress_, accepted(5), {1, files.size()}, "/last");
  EXPECT_STREQ(progress_.slots[3].path, "/last");
}

TEST_F(ProgressTest, MoreFilesThanCanBeKnownAreCountedAllTheSame) {
  constexpr size_t kMany = 3 * Progress::kKnownFiles;
  for (size_t i = 1; i <= kMany; ++i) {
    FileProgress file;
    file.tell(progress_, accepted(1), {1, i}, "/a");
    file.end();
  }
  EXPECT_EQ(progress_.files, kMany);
}

TEST_F(ProgressTest, OfALongPathTheEndIsShown) {
  FileProgress file;
  file.tell(progress_, accepted(1), {1, 2}, ("/" + std::string(500, 'x') + "/end").c_str());
  EXPECT_TRUE(std::string(progress_.slots[0].path).ends_with("xx/end"));
}

TEST_F(ProgressTest, ThreadsThatTellAtOnceLoseNothing) {
  FileProgress file;
  std::atomic<uint64_t> bytes{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n)
        file.tell(progress_, accepted(bytes.fetch_add(1) + 1), {1, 2}, "/a");
    });
  for (std::thread& thread : threads) thread.join();
  file.tell(progress_, accepted(bytes), {1, 2}, "/a");
  EXPECT_EQ(progress_.totals.now(), accepted(4000));
  EXPECT_EQ(progress_.slots[0].tallies.now(), accepted(4000));
  EXPECT_EQ(shown(), 1u);
}

TEST(ProgressFile, OnlyASealedOneOfTheRightSizeIsMapped) {
  const int fd = memfd_create("progress", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) GTEST_SKIP() << "no memfd here";
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  EXPECT_EQ(map_progress(path.c_str()), nullptr);
  ASSERT_EQ(ftruncate(fd, sizeof(Progress)), 0);
  EXPECT_EQ(map_progress(path.c_str()), nullptr);
  ASSERT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
  Progress* const progress = map_progress(path.c_str());
  ASSERT_NE(progress, nullptr);
  progress->files = 3;
  uint64_t there = 0;
  EXPECT_EQ(pread(fd, &there, sizeof there, offsetof(Progress, files)), ssize_t{sizeof there});
  EXPECT_EQ(there, 3u);
  munmap(progress, sizeof *progress);
  close(fd);
}

TEST(ProgressFile, WhatIsNotThereOrAnotherFileIsLeftAlone) {
  TemporaryDirectory directory;
  EXPECT_EQ(map_progress((directory / "none").c_str()), nullptr);
  EXPECT_EQ(map_progress("/dev/null"), nullptr);
  std::ofstream(directory / "file") << std::string(sizeof(Progress), '\0');
  EXPECT_EQ(map_progress((directory / "file").c_str()), nullptr);
}

}  // namespace
}  // namespace seqshim
