#include "shim/cli/doctor/path/judge_path.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <linux/magic.h>

namespace seqshim {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

/// A machine that nothing is wrong with.
MachineFacts good_machine() {
  MachineFacts facts;
  facts.kernel = "6.18.0";
  facts.kernel_major = 6;
  facts.kernel_minor = 18;
  facts.libc = "2.36";
  facts.slots_found = facts.guard_tried = facts.guard_started = true;
  facts.library = "/usr/lib/libseqshim.so";
  facts.library_tried = true;
  facts.memory = 64 * kMiB;
  return facts;
}

/// A directory on ext4 that was tried, and went direct.
PathFacts good_path() {
  PathFacts facts;
  facts.place.kind = Place::Kind::kDirectory;
  facts.place.given = facts.place.directory = "/data";
  facts.place.directory_writable = true;
  facts.mount = Mount{"/data", "ext4", "/dev/sda1", "rw", "rw"};
  facts.type = EXT4_SUPER_MAGIC;
  facts.left = 102400 * kMiB;
  facts.total = 2 * facts.left;
  facts.piece = kMiB;
  facts.margin = 1024 * kMiB;
  WriteTrial& trial = facts.trial;
  trial.file = WriteTrial::File::kUnnamed;
  trial.piece = trial.direct_bytes = kMiB;
  trial.pages_left = 0;
  trial.rung = Rung::kDirect;
  trial.unit = 4096;
  trial.space_granted = true;
  return facts;
}

void be_a_file(PathFacts& facts) {
  facts.place.kind = Place::Kind::kFile;
  facts.place.given = facts.place.name = "/data/file";
  facts.place.writable = true;
}

Diagnosis judged(const PathFacts& facts) { return diagnose_path(facts, good_machine()); }

/// The finding of `subject` whose fact or meaning has these words.
const Finding* find(const Diagnosis& diagnosis, const std::string& subject,
                    const std::string& words) {
  for (const Finding& finding : diagnosis.findings) {
    const std::string text = finding.fact + ": " + finding.meaning;
    if (finding.subject == subject && text.find(words) != text.npos) return &finding;
  }
  return nullptr;
}

void expect_finding(const PathFacts& facts, Mark mark, const std::string& subject,
                    const std::string& words) {
  const Diagnosis diagnosis = judged(facts);
  const Finding* const finding = find(diagnosis, subject, words);
  ASSERT_NE(finding, nullptr) << subject << " " << words;
  EXPECT_EQ(finding->mark, mark) << subject << " " << finding->fact;
}

/// The verdict begins with what becomes of the file, and goes on with the reason.
void expect_blocked(const PathFacts& facts, const std::string& what, const std::string& reason) {
  const Diagnosis diagnosis = judged(facts);
  EXPECT_EQ(diagnosis.exit_code, 1) << reason;
  EXPECT_NE(diagnosis.verdict.find(what + ": "), std::string::npos) << diagnosis.verdict;
  EXPECT_NE(diagnosis.verdict.find(reason), std::string::npos) << diagnosis.verdict;
  EXPECT_EQ(diagnosis.way, "") << reason;
}
void expect_left(const PathFacts& facts, const std::string& reason) {
  expect_blocked(facts, "would be left to the kernel", reason);
}
void expect_unwritable(const PathFacts& facts, const std::string& reason) {
  expect_blocked(facts, "can't be written", reason);
}

TEST(JudgePathTest, OfWhatMayBeACommandItSaysHowToAsk) {
  PathFacts facts = good_path();
  facts.place.kind = Place::Kind::kNothing;
  facts.place.given = "tar";
  facts.may_be_command = true;
  const Diagnosis diagnosis = judged(facts);
  const Finding* const finding = find(diagnosis, "path", "no such file yet");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->mark, Mark::kNote);
  EXPECT_EQ(finding->advice, "if the command is meant: seqshim doctor -- tar");
}

TEST(JudgePathTest, WhereNothingIsWrongItGoesDirect) {
  const Diagnosis diagnosis = judged(good_path());
  EXPECT_EQ(diagnosis.verdict,
            "A file in /data would be written direct, in pieces of 1 MiB aligned to 4096.");
  EXPECT_EQ(diagnosis.exit_code, 0);
  EXPECT_EQ(diagnosis.way, "direct");
  for (const Finding& finding : diagnosis.findings)
    EXPECT_EQ(finding.mark, Mark::kOk) << finding.subject << " " << finding.fact;
}

TEST(JudgePathTest, ARungBelowDirectIsNamedWithItsReason) {
  PathFacts facts = good_path();
  facts.trial.rung = Rung::kDontCache;
  facts.trial.pages_left = 256;
  expect_finding(facts, Mark::kNote, "O_DIRECT", "taken, but buffered: 256 of its 256 pages");
  Diagnosis diagnosis = judged(facts);
  EXPECT_EQ(diagnosis.exit_code, 1);
  EXPECT_EQ(diagnosis.way, "dontcache");
  EXPECT_NE(diagnosis.verdict.find("(dontcache)"), std::string::npos) << diagnosis.verdict;

  facts.trial.rung = Rung::kDropBehind;
  facts.trial.open_error = EINVAL;
  expect_finding(facts, Mark::kNote, "O_DIRECT", "refused: Invalid argument");
  EXPECT_EQ(judged(facts).way, "drop-behind");

  facts.trial.open_error = 0;
  facts.trial.direct_error = EINVAL;
  expect_finding(facts, Mark::kNote, "O_DIRECT", "its first write was refused");

  facts.trial.alignment_known = true;
  expect_finding(facts, Mark::kNote, "O_DIRECT", "(statx)");
}

TEST(JudgePathTest, WhereMemoryIsTheStorageItIsLeftAlone) {
  PathFacts facts = good_path();
  facts.type = TMPFS_MAGIC;
  facts.mount->type = "tmpfs";
  facts.trial.rung = Rung::kPlain;
  expect_left(facts, "its storage is memory");
  PathFacts overlay = good_path();
  overlay.mount->type = "overlay";
  overlay.trial.rung = Rung::kPlain;
  expect_left(overlay, "its storage is memory");
}

TEST(JudgePathTest, WhereNothingIsStoredItIsLeftAlone) {
  PathFacts facts = good_path();
  facts.mount->type = "proc";
  facts.trial = {};
  expect_unwritable(facts, "stores nothing");
}

TEST(JudgePathTest, MountOptionsAreNoted) {
  PathFacts facts = good_path();
  facts.mount->super_options = "rw,data=journal,sync";
  expect_finding(facts, Mark::kNote, "mounted", "data=journal");
  expect_finding(facts, Mark::kNote, "mounted", "sync");
  facts.read_only = true;
  expect_unwritable(facts, "read-only");
}

TEST(JudgePathTest, OtherKindsOfFileSystemsAreNoted) {
  PathFacts facts = good_path();
  for (const char* const type : {"nfs4", "fuse.sshfs", "overlay"}) {
    facts.mount->type = type;
    expect_finding(facts, Mark::kNote, "file system", type);
    EXPECT_EQ(judged(facts).exit_code, 0) << type;
  }
}

TEST(JudgePathTest, ANearlyFullDiskIsReservedFromOrLeftToTheKernel) {
  PathFacts facts = good_path();
  facts.left = facts.margin + facts.piece;
  EXPECT_EQ(judged(facts).exit_code, 0);
  --facts.left;
  expect_left(facts, "less than 1 GiB");
  facts.trial.space_reserved = true;
  expect_finding(facts, Mark::kNote, "space", "reserved before bytes are accepted");
  EXPECT_EQ(judged(facts).exit_code, 0);
}

TEST(JudgePathTest, SoIsAQuota) {
  PathFacts facts = good_path();
  expect_finding(facts, Mark::kOk, "quota", "none");
  facts.quota_left = 2048 * kMiB;
  expect_finding(facts, Mark::kOk, "quota", "2 GiB left");
  facts.quota_left = 0;
  expect_finding(facts, Mark::kProblem, "quota", "used up");
  expect_left(facts, "less than 1 GiB");
}

TEST(JudgePathTest, WithoutAnInodeThereIsNoNewFile) {
  PathFacts facts = good_path();
  facts.inodes = 1000;
  expect_unwritable(facts, "no inode");
  be_a_file(facts);
  EXPECT_EQ(judged(facts).exit_code, 0);
}

TEST(JudgePathTest, WhatIsNoRegularFileIsLeftAlone) {
  PathFacts facts = good_path();
  facts.place.kind = Place::Kind::kOther;
  facts.place.trouble = "a FIFO";
  expect_left(facts, "it is a FIFO");
}

TEST(JudgePathTest, WhatCannotBeReachedIsSaidSo) {
  PathFacts facts;
  facts.place.given = "/no/file";
  facts.place.trouble = "directory /no: No such file or directory";
  const Diagnosis diagnosis = judged(facts);
  EXPECT_EQ(diagnosis.exit_code, 1);
  EXPECT_EQ(diagnosis.verdict,
            "/no/file can't be reached: directory /no: No such file or directory.");
  EXPECT_EQ(diagnosis.findings.size(), 1u);
}

TEST(JudgePathTest, AFileHasItsOwnObstacles) {
  PathFacts facts = good_path();
  be_a_file(facts);
  EXPECT_EQ(judged(facts).verdict,
            "/data/file would be written direct, in pieces of 1 MiB aligned to 4096.");
  PathFacts other = facts;
  other.place.immutable = true;
  expect_unwritable(other, "immutable");
  other = facts;
  other.place.is_swap = true;
  expect_unwritable(other, "swap");
  other = facts;
  other.place.writable = false;
  expect_unwritable(other, "you may not");
  other = facts;
  other.place.lock = "a POSIX lock of process 1";
  expect_left(other, "locked");
  other = facts;
  other.place.append_only = true;
  expect_left(other, "appended");
  other.appends = true;
  EXPECT_EQ(judged(other).exit_code, 0);
}

TEST(JudgePathTest, AFileThatTheKernelHasNoDirectWayForGoesOneRungDown) {
  PathFacts facts = good_path();
  be_a_file(facts);
  facts.direct_alignment = 512;
  EXPECT_EQ(judged(facts).exit_code, 0);
  facts.direct_alignment = 0;
  EXPECT_EQ(judged(facts).exit_code, 1);
  EXPECT_EQ(judged(facts).way, "dontcache");
  facts.trial.dontcache_error = EOPNOTSUPP;
  EXPECT_EQ(judged(facts).way, "drop-behind");
}

TEST(JudgePathTest, WhatIsAppendedGoesDirectWhereALargeWriteIsMadeAsOne) {
  PathFacts facts = good_path();
  be_a_file(facts);
  facts.place.append_only = facts.appends = true;
  EXPECT_EQ(judged(facts).way, "direct");
  facts.type = BTRFS_SUPER_MAGIC;
  EXPECT_EQ(judged(facts).way, "dontcache");
  expect_finding(facts, Mark::kNote, "file", "appended doesn't go direct");
}

TEST(JudgePathTest, WhereNoFileCanBeMadeNothingWasTried) {
  PathFacts facts = good_path();
  facts.trial = {};
  facts.trial.make_error = EACCES;
  expect_unwritable(facts, "no file can be made there");
  be_a_file(facts);
  const Diagnosis diagnosis = judged(facts);
  EXPECT_EQ(diagnosis.exit_code, 1);
  EXPECT_EQ(diagnosis.verdict, "Whether /data/file would be written direct could not be tried.");
}

TEST(JudgePathTest, AWriteThatFailsIsAProblem) {
  PathFacts facts = good_path();
  facts.trial.write_error = EIO;
  EXPECT_EQ(judged(facts).verdict, "A file in /data can't be written: Input/output error.");
  EXPECT_EQ(judged(facts).exit_code, 1);
}

TEST(JudgePathTest, PatternsCount) {
  PathFacts facts = good_path();
  be_a_file(facts);
  facts.patterns = "*.tar";
  expect_left(facts, "no pattern matches it");
  facts.decision = {true, "*.tar"};
  expect_finding(facts, Mark::kOk, "pattern", "'*.tar' matches /data/file");
  EXPECT_EQ(judged(facts).exit_code, 0);
  facts.decision = {false, "!*.tar"};
  expect_left(facts, "excludes");
}

TEST(JudgePathTest, OfADirectoryPatternsSayLess) {
  PathFacts facts = good_path();
  facts.patterns = "*.tar";
  expect_finding(facts, Mark::kNote, "pattern", "depends on the file's name");
  EXPECT_EQ(judged(facts).exit_code, 0);
  facts.decision = {true, "/data/*"};
  expect_finding(facts, Mark::kOk, "pattern", "matches any file there");
}

TEST(JudgePathTest, WhatIsWrongWithTheMachineCountsAsWell) {
  MachineFacts machine = good_machine();
  machine.library_problem = "libseqshim.so is neither here nor there";
  const Diagnosis diagnosis = diagnose_path(good_path(), machine);
  EXPECT_EQ(diagnosis.exit_code, 1);
  EXPECT_NE(diagnosis.verdict.find("libseqshim.so can't be loaded"), std::string::npos);
}

}  // namespace
}  // namespace seqshim
