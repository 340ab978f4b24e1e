#include "shim/cli/profile/verdict.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/magic.h>

namespace seqshim::profiling {
namespace {

constexpr uint64_t kMiB = 1 << 20;

/// A file of 64 MiB in calls of so many bytes, in order.
FileProfile in_order(uint64_t size) {
  FileProfile file{};
  file.file_system = EXT4_SUPER_MAGIC;
  for (uint64_t at = 0; at < 64 * kMiB; at += size)
    file.pattern.note({static_cast<int64_t>(at), size, size, 1, 2});
  return file;
}

TEST(FileVerdict, SmallSequential) {
  EXPECT_EQ(verdict(in_order(10'240)), "direct would suit: small sequential");
}

TEST(FileVerdict, LargeAndAligned) {
  EXPECT_EQ(verdict(in_order(kMiB)), "already large and aligned");
  EXPECT_EQ(verdict(in_order(kMiB + 1)), "direct would suit: large sequential");
}

TEST(FileVerdict, Random) {
  FileProfile file{};
  file.file_system = EXT4_SUPER_MAGIC;
  file.pattern.refresh(64 * kMiB);
  for (int64_t i = 0; i < 10'000; ++i) file.pattern.note({i * 7919 % 10'000 * 512, 512, 512, 1, 2});
  EXPECT_EQ(verdict(file), "random rewrites: no gain");
  FileProfile fresh{};
  for (int64_t i = 0; i < 10'000; ++i) fresh.pattern.note({i * 4096, 512, 512, 1, 2});
  EXPECT_EQ(verdict(fresh), "random: no gain");
}

TEST(FileVerdict, WhatStandsInTheWay) {
  FileProfile file = in_order(10'240);
  file.locked = true;
  EXPECT_EQ(verdict(file), "locked, so shared with others: would be left alone");
  file = in_order(10'240);
  file.flags = O_DIRECT;
  EXPECT_EQ(verdict(file), "direct already");
  file.flags = O_DSYNC;
  EXPECT_EQ(verdict(file), "each write waits for the disk: no gain");
  file.flags = O_APPEND;
  EXPECT_EQ(verdict(file), "direct would suit with --append, if nobody else writes it");
  file = in_order(10'240);
  file.pattern.syncs = 1000;
  EXPECT_EQ(verdict(file), "synced every few writes: no gain");
  file = in_order(10'240);
  file.file_system = TMPFS_MAGIC;
  EXPECT_EQ(verdict(file), "its file system is memory: no gain");
  EXPECT_EQ(verdict(FileProfile{}), "too little to matter");
}

}  // namespace
}  // namespace seqshim::profiling
