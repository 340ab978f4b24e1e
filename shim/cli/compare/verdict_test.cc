#include "shim/cli/compare/verdict.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

constexpr double kMiB = 1 << 20;

FileEvidence direct_file(uint64_t bytes = 1 << 30) {
  return {.bytes = bytes,
          .accepted = bytes,
          .passed = 0,
          .calls_passed = 0,
          .rung = "direct",
          .hand_back = "none"};
}

/// Nothing of it was accepted.
FileEvidence handed_back(const std::string& reason, uint64_t bytes, uint64_t calls = 1000) {
  return {.bytes = bytes,
          .accepted = 0,
          .passed = bytes,
          .calls_passed = calls,
          .rung = "undecided",
          .hand_back = reason};
}

/// Of a file that goes direct, with the same measured of both ways.
Evidence without_difference() {
  return {.seconds = {{1.0, 1.02, 0.98}, {1.01, 0.99, 1.0}},
          .system_seconds = {{0.5, 0.51, 0.49}, {0.5, 0.5, 0.5}},
          .cpu_seconds = {{0.6, 0.61, 0.59}, {0.6, 0.6, 0.6}},
          .left = {{0, 0, 0}, {0, 0, 0}},
          .files = {direct_file()},
          .direct_min = 256 << 10,
          .bytes_read = 0};
}

Evidence with_gains() {
  Evidence evidence = without_difference();
  evidence.seconds = {{1.7, 1.6, 1.8}, {1.0, 0.9, 1.1}};
  evidence.system_seconds = {{1.0, 1.0, 1.1}, {0.18, 0.17, 0.19}};
  evidence.cpu_seconds = {{1.2, 1.2, 1.3}, {0.6, 0.5, 0.7}};
  evidence.left = {{1024 * kMiB, 1024 * kMiB, 1024 * kMiB}, {0, 0, 65536}};
  return evidence;
}

TEST(VerdictTest, NamesAllGains) {
  EXPECT_EQ(verdict(with_gains()),
            "direct saves 82 % of system CPU (50 % of all), is 1.7x faster to durable and leaves 0 "
            "instead of 1024 MiB in the page cache");
}

TEST(VerdictTest, SystemCpuThatIsSpentOnCopyingIsNoGain) {
  Evidence evidence = with_gains();
  evidence.cpu_seconds = {{1.2, 1.2, 1.3}, {1.2, 1.2, 1.3}};
  EXPECT_EQ(verdict(evidence),
            "direct is 1.7x faster to durable and leaves 0 instead of 1024 MiB in the page cache; "
            "the difference in CPU is within the noise");
}

TEST(VerdictTest, AllCpuAloneIsNotSaidTwice) {
  Evidence evidence = with_gains();
  evidence.cpu_seconds = {{1.0, 1.0, 1.1}, {0.18, 0.17, 0.19}};
  EXPECT_TRUE(verdict(evidence).starts_with("direct saves 82 % of CPU, is")) << verdict(evidence);
}

TEST(VerdictTest, OverlappingRunsAreNoise) {
  EXPECT_EQ(verdict(without_difference()),
            "no gain: the difference in time and CPU is within the noise");
  Evidence evidence = without_difference();
  evidence.seconds = {{1.7, 1.0, 1.8}, {1.0, 0.9, 1.1}};
  EXPECT_EQ(verdict(evidence), verdict(without_difference()));
}

TEST(VerdictTest, DifferencesTooSmallToMatterAreNone) {
  Evidence evidence = without_difference();
  evidence.seconds = {{1.04, 1.04, 1.04}, {1.0, 1.0, 1.0}};
  EXPECT_EQ(verdict(evidence), verdict(without_difference()));
  evidence.seconds = {{0.006, 0.006, 0.006}, {0.002, 0.002, 0.002}};
  evidence.cpu_seconds = {{0.010, 0.010, 0.010}, {0.001, 0.001, 0.001}};
  EXPECT_EQ(verdict(evidence), verdict(without_difference()));
}

TEST(VerdictTest, OneGainAmongNoise) {
  Evidence evidence = without_difference();
  evidence.left = {{24 * kMiB, 24 * kMiB, 24 * kMiB}, {0, 0, 0}};
  EXPECT_EQ(
      verdict(evidence),
      "direct leaves 0 instead of 24 MiB in the page cache; the difference in time and CPU is "
      "within the noise");
}

TEST(VerdictTest, LossesAreNotHidden) {
  Evidence evidence = with_gains();
  evidence.seconds = {{1.0, 1.0, 1.0}, {1.3, 1.3, 1.3}};
  EXPECT_EQ(verdict(evidence),
            "direct saves 82 % of system CPU (50 % of all) and leaves 0 instead of 1024 MiB in the "
            "page cache, but takes 1.3x as long to durable");
  evidence = without_difference();
  evidence.seconds = {{1.0, 1.0, 1.0}, {12, 12, 12}};
  evidence.cpu_seconds = {{1.0, 1.0, 1.0}, {2, 2, 2}};
  EXPECT_EQ(verdict(evidence),
            "no gain: direct takes 12x as long to durable and takes 2.0x the CPU");
}

TEST(VerdictTest, FewRoundsProveNothing) {
  Evidence evidence = with_gains();
  evidence.seconds = {{1.7}, {1.0}};
  EXPECT_TRUE(verdict(evidence).ends_with(" (one round is too few to tell that from noise)"));
  evidence.seconds = {{1.7, 1.7}, {1.0, 1.0}};
  EXPECT_TRUE(verdict(evidence).ends_with(" (two rounds are too few to tell that from noise)"));
}

TEST(VerdictTest, WhatIsLeftInTheCacheNeedsNoRounds) {
  Evidence evidence = without_difference();
  evidence.seconds = {{1.0}, {1.0}};
  evidence.cpu_seconds = {{1.0}, {1.0}};
  evidence.left = {{24 * kMiB}, {0}};
  EXPECT_TRUE(verdict(evidence).ends_with(" is within the noise")) << verdict(evidence);
}

TEST(VerdictTest, NothingMatched) {
  Evidence evidence = with_gains();
  evidence.files.clear();
  EXPECT_TRUE(verdict(evidence).starts_with("no gain: nothing matched: ")) << verdict(evidence);
}

TEST(VerdictTest, RandomWrites) {
  Evidence evidence = without_difference();
  evidence.files = {handed_back("random", 97 << 20, (97 << 20) / 512), direct_file(3 << 20)};
  EXPECT_EQ(verdict(evidence), "no gain: 97 % of its bytes are random 512-byte writes");
  evidence.files[0].calls_passed = (97 << 20) / 8192;
  EXPECT_EQ(verdict(evidence), "no gain: 97 % of its bytes are random 8K writes");
}

TEST(VerdictTest, HandedBack) {
  Evidence evidence = without_difference();
  evidence.files = {handed_back("locked", 50 << 20), handed_back("append", 10 << 20)};
  EXPECT_EQ(verdict(evidence),
            "no gain: its files were handed back (locked: locks on them are how processes agree)");
  evidence.files = {handed_back("a reason of the future", 50 << 20)};
  EXPECT_EQ(verdict(evidence), "no gain: its files were handed back (a reason of the future)");
}

TEST(VerdictTest, HandedBackForNothing) {
  Evidence evidence = without_difference();
  evidence.files = {handed_back("locked", 50 << 20)};
  evidence.seconds = {{1.0, 1.0, 1.0}, {1.2, 1.2, 1.2}};
  EXPECT_TRUE(verdict(evidence).ends_with("; seqshim takes 1.2x as long to durable"))
      << verdict(evidence);
}

TEST(VerdictTest, OneRoundOfWhatWasHandedBackProvesNoLoss) {
  Evidence evidence = without_difference();
  evidence.files = {handed_back("locked", 50 << 20)};
  evidence.seconds = {{1.0}, {1.2}};
  EXPECT_TRUE(verdict(evidence).ends_with("processes agree)")) << verdict(evidence);
}

TEST(VerdictTest, ALuckyRunOfWhatWasHandedBackIsNoGain) {
  Evidence evidence = with_gains();
  evidence.files = {handed_back("locked", 50 << 20)};
  EXPECT_TRUE(verdict(evidence).starts_with("no gain: its files were handed back"));
}

TEST(VerdictTest, WhereAPartWasTakenAGainCounts) {
  Evidence evidence = with_gains();
  evidence.files = {handed_back("memory-fs", 88 << 20), direct_file(12 << 20)};
  EXPECT_TRUE(verdict(evidence).starts_with("direct saves ")) << verdict(evidence);
  Evidence same = without_difference();
  same.files = evidence.files;
  EXPECT_TRUE(verdict(same).starts_with("no gain: its files were handed back (memory-fs: "));
}

TEST(VerdictTest, SmallFiles) {
  Evidence evidence = without_difference();
  FileEvidence small = direct_file(100 << 10);
  small.rung = "undecided";
  evidence.files = {small, handed_back("small", 4096)};
  EXPECT_EQ(verdict(evidence),
            "no gain: all files stayed below 256K, up to which they go through the page cache");
  evidence.files.push_back(direct_file());
  EXPECT_EQ(verdict(evidence), verdict(without_difference()));
}

TEST(VerdictTest, SmallFilesThatWereLockedAreLocked) {
  Evidence evidence = without_difference();
  evidence.files = {handed_back("locked", 4096)};
  EXPECT_TRUE(verdict(evidence).starts_with("no gain: its files were handed back (locked: "));
}

TEST(VerdictTest, WhatWasLeftToTheKernelIsTold) {
  Evidence evidence = with_gains();
  evidence.files = {direct_file(60 << 20), handed_back("mapped", 40 << 20)};
  EXPECT_TRUE(verdict(evidence).ends_with(
      " MiB in the page cache; 40 % of its bytes were left to the kernel (mapped)"))
      << verdict(evidence);
}

TEST(VerdictTest, OtherWaysAreNamed) {
  Evidence evidence = with_gains();
  evidence.files[0].rung = "drop-behind";
  EXPECT_TRUE(verdict(evidence).starts_with(
      "seqshim (by drop-behind, as O_DIRECT isn't to be had there) saves 82 % "))
      << verdict(evidence);
}

TEST(VerdictTest, OnlyReads) {
  Evidence evidence = without_difference();
  evidence.files.clear();
  evidence.bytes_read = 1 << 30;
  evidence.left = {{1024 * kMiB, 1024 * kMiB, 1020 * kMiB}, {3 * kMiB, -kMiB, -kMiB}};
  EXPECT_EQ(verdict(evidence),
            "reading past the page cache leaves 0 instead of 1024 MiB in the page cache; the "
            "difference in time and CPU is within the noise");
  evidence.seconds = {{1.0, 1.0, 1.0}, {1.6, 1.6, 1.6}};
  EXPECT_TRUE(verdict(evidence).ends_with(", but takes 1.6x as long")) << verdict(evidence);
}

}  // namespace
}  // namespace seqshim
