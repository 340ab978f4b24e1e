#include "shim/guard/recovery.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "shim/cache/cluster_pool.h"
#include "shim/device/private_fds.h"
#include "shim/device/test_support.h"

namespace seqshim {
namespace {

constexpr size_t kSize = 4096;

/// A pool as a process left it, and the file that its clusters belong to.
class RecoveryTest : public ::testing::Test {
 protected:
  RecoveryTest() : fd_(duplicate_private(file_.fd())) {
    EXPECT_TRUE(pool_.create(16 * kSize, kSize));
    EXPECT_EQ(fstat(fd_, &facts_), 0);
  }
  ~RecoveryTest() override {
    close_private(fd_);
    pool_.destroy();
  }

  /// `text` accepted at `offset`, the first `landed` bytes of it written.
  Entry& accept(int64_t offset, const std::string& text, uint32_t landed = 0) {
    Cluster* const cluster = pool_.acquire();
    cluster->offset = offset;
    std::memcpy(cluster->data(kSize), text.data(), text.size());
    cluster->used = static_cast<uint32_t>(text.size());
    Ledger& ledger = ClusterPool::ledger_of(*cluster);
    ledger.landed = landed;
    ledger.fd = fd_;
    ledger.direct = -1;
    ledger.appends = false;
    ledger.seen = UINT32_MAX;
    ledger.file = id_of(facts_);
    ledger.state = Ledger::kAccepted;
    return *reinterpret_cast<Entry*>(cluster);
  }
  Reservation& reserve(int64_t from, int64_t bytes, int64_t reached) {
    Reservation& one = *pool_.take_reservation();
    one.fd = fd_;
    one.file = id_of(facts_);
    one.from = from;
    one.bytes = bytes;
    one.reached = reached;
    one.state = Reservation::kPending;
    return one;
  }
  void recover() { seqshim::recover(pool_.segment(), outcome_); }
  void set_appending() { ASSERT_EQ(fcntl(fd_, F_SETFL, O_APPEND), 0); }
  std::string contents() const { return file_.contents(); }

  DiskFile file_;
  int fd_;
  struct stat facts_ {};
  ClusterPool pool_;
  Recovery outcome_{};
};

/// Nothing beyond so many bytes can be written to any file.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) {
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    before_handler_ = signal(SIGXFSZ, SIG_IGN);
    const rlimit lower{bytes, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &lower), 0);
  }
  ~SizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, before_handler_);
  }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*before_handler_)(int);
};

TEST_F(RecoveryTest, WritesWhatIsDueInPlace) {
  accept(0, "first");
  accept(kSize + 3, "second");
  accept(5, "more").ledger.state = Ledger::kOwner;
  recover();
  EXPECT_EQ(contents(), "firstmore" + std::string(kSize + 3 - 9, '\0') + "second");
}

TEST_F(RecoveryTest, LeavesAloneWhatHasLanded) {
  ASSERT_EQ(pwrite(fd_, "OTHERS", 6, 0), 6);
  accept(0, "mine and more", 4);
  recover();
  EXPECT_EQ(contents(), "OTHE and more");
}

TEST_F(RecoveryTest, LeavesAloneWhatIsNotHeld) {
  accept(0, "gone").ledger.state = Ledger::kFree;
  recover();
  EXPECT_EQ(contents(), "");
}

TEST_F(RecoveryTest, ASealedClusterHoldsItsBytes) {
  accept(0, "sealed").cluster.used |= Cluster::kSealed;
  recover();
  EXPECT_EQ(contents(), "sealed");
}

TEST_F(RecoveryTest, AppendsInOrderWhateverTheSlots) {
  set_appending();
  ASSERT_EQ(write(fd_, "old.", 4), 4);
  for (const auto& [offset, text] : {std::pair{10, "third."}, {4, "2nd."}, {8, "3a"}})
    accept(offset, text).ledger.appends = true;
  recover();
  EXPECT_EQ(contents(), "old.2nd.3athird.");
}

TEST_F(RecoveryTest, AppendsOnlyWhatTheSizeDoesNotShow) {
  set_appending();
  ASSERT_EQ(write(fd_, "old.new", 7), 7);
  accept(4, "newer").ledger.appends = true;
  recover();
  EXPECT_EQ(contents(), "old.newer");
}

TEST_F(RecoveryTest, TakesBackAPlaceThatWasNotFilled) {
  ASSERT_EQ(lseek(fd_, 100, SEEK_SET), 100);
  reserve(40, 60, 40);
  recover();
  EXPECT_EQ(lseek(fd_, 0, SEEK_CUR), 40);
}

TEST_F(RecoveryTest, KeepsAsMuchOfAPlaceAsWasFilled) {
  ASSERT_EQ(lseek(fd_, 100, SEEK_SET), 100);
  reserve(40, 60, 70);
  recover();
  EXPECT_EQ(lseek(fd_, 0, SEEK_CUR), 70);
}

TEST_F(RecoveryTest, WhatAClusterHoldsOfAPlaceIsFilled) {
  ASSERT_EQ(lseek(fd_, 100, SEEK_SET), 100);
  reserve(40, 60, 40);
  accept(30, std::string(25, 'x'));
  recover();
  EXPECT_EQ(lseek(fd_, 0, SEEK_CUR), 55);
}

TEST_F(RecoveryTest, TakesAPlaceBackOnce) {
  ASSERT_EQ(lseek(fd_, 100, SEEK_SET), 100);
  reserve(40, 60, 40);
  recover();
  ASSERT_EQ(lseek(fd_, 0, SEEK_CUR), 40);
  ASSERT_EQ(lseek(fd_, 60, SEEK_CUR), 100);  // another, who writes just as much
  recover();
  EXPECT_EQ(lseek(fd_, 0, SEEK_CUR), 100);
}

TEST_F(RecoveryTest, RecordsWhatLandedOfWhatWasRefused) {
  Ledger& ledger = accept(0, "text").ledger;
  flush_rested(pool_.segment());
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit low{2, before.rlim_max};
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &low), 0);
  flush_rested(pool_.segment());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, handler);
  EXPECT_EQ(contents(), "te");
  EXPECT_EQ(ledger.landed, 2U);
  EXPECT_EQ(ledger.state, Ledger::kAccepted);
}

TEST_F(RecoveryTest, TakesBackNothingOfAPlaceThatClustersHold) {
  ASSERT_EQ(lseek(fd_, kSize + 100, SEEK_SET), kSize + 100);
  reserve(40, kSize + 60, 40);
  accept(kSize, std::string(100, 'x'));
  accept(40, std::string(kSize - 40, 'x'));
  recover();
  EXPECT_EQ(lseek(fd_, 0, SEEK_CUR), kSize + 100);
}

TEST_F(RecoveryTest, ClustersOfOtherFilesFillNoPlace) {
  ASSERT_EQ(lseek(fd_, 100, SEEK_SET), 100);
  reserve(40, 60, 40);
  ++accept(30, std::string(25, 'x')).ledger.file.inode;
  accept(30, std::string(25, 'x')).ledger.state = Ledger::kFree;
  accept(100, std::string(25, 'x'));
  recover();
  EXPECT_EQ(lseek(fd_, 0, SEEK_CUR), 40);
}

TEST_F(RecoveryTest, TakesBackNothingOnceOthersHaveMoved) {
  for (const int64_t at : {40, 99, 101, 160}) {
    ASSERT_EQ(lseek(fd_, at, SEEK_SET), at);
    reserve(40, 60, 40);
    recover();
    EXPECT_EQ(lseek(fd_, 0, SEEK_CUR), at);
  }
}

TEST_F(RecoveryTest, WritesToNoDescriptorThatIsNotTheOneNamed) {
  DiskFile other;
  const auto spoil = [](Entry& entry, auto change) { change(entry.ledger); };
  spoil(accept(0, "x"), [&](Ledger& ledger) { ledger.fd = file_.fd(); });  // the program's own
  spoil(accept(0, "x"), [&](Ledger& ledger) { ledger.fd = other.fd(); });
  spoil(accept(0, "x"), [&](Ledger& ledger) { ledger.fd = -1; });
  spoil(accept(0, "x"), [&](Ledger& ledger) { ledger.fd = 1 << 20; });
  spoil(accept(0, "x"), [&](Ledger& ledger) { ++ledger.file.inode; });
  spoil(accept(0, "x"), [&](Ledger& ledger) { ++ledger.file.device; });
  spoil(accept(0, "x"), [&](Ledger& ledger) { ledger.appends = true; });
  const int readable = open(file_.path(), O_RDONLY);
  const int high = duplicate_private(readable);
  spoil(accept(0, "x"), [&](Ledger& ledger) { ledger.fd = high; });
  recover();
  EXPECT_EQ(contents(), "");
  EXPECT_EQ(other.contents(), "");
  close_private(high);
  close(readable);
}

TEST_F(RecoveryTest, BelievesNoNumberThatCannotBe) {
  for (const int64_t offset : {int64_t{-1}, INT64_MIN, INT64_MAX, INT64_MAX - 4096})
    accept(0, "x").cluster.offset = offset;
  accept(0, "x").cluster.used = kSize + 1;
  accept(100, "x").cluster.used = kSize - 99;
  accept(0, "x", 2);
  accept(0, "x").cluster.used = 0;
  accept(0, "x").cluster.slot = nullptr;
  pool_.segment().words().used_entries = UINT32_MAX;
  reserve(-1, 5, -1);
  reserve(5, INT64_MAX, 6);
  reserve(5, -5, 0);
  recover();
  EXPECT_EQ(contents(), "x");  // of the last one: where a slot lies is no matter of what it says
}

/// Clusters of four units, and a direct descriptor.
class DirectRecoveryTest : public ::testing::Test {
 protected:
  static constexpr size_t kUnit = 4096, kCluster = 4 * kUnit;

  void SetUp() override {
    if (!takes_direct(".")) GTEST_SKIP() << "no O_DIRECT here";
    ASSERT_TRUE(pool_.create(4 * kCluster, kCluster));
    fd_ = duplicate_private(file_.fd());
    direct_ = open_private_direct(fd_, 0);
    ASSERT_GE(direct_, 0);
  }
  void TearDown() override {
    close_private(direct_);
    close_private(fd_);
  }

  /// The bytes from `from` to `to` of a cluster, as accepted.
  Ledger& accept(size_t from, size_t to) {
    Cluster* const cluster = pool_.acquire();
    cluster->offset = static_cast<int64_t>(from);
    cluster->used = static_cast<uint32_t>(to - from);
    std::memcpy(cluster->data(kCluster), bytes_.data() + from, to - from);
    Ledger& ledger = ClusterPool::ledger_of(*cluster);
    ledger.landed = 0;
    ledger.fd = fd_;
    ledger.direct = direct_;
    ledger.unit = kUnit;
    ledger.appends = false;
    ledger.seen = UINT32_MAX;
    ledger.file = file_.id();
    ledger.state = Ledger::kAccepted;
    return ledger;
  }
  /// As many pages of the file are in the page cache.
  size_t resident_pages() const {
    const auto bytes = bytes_.text().size();
    void* const map = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file_.fd(), 0);
    unsigned char resident[2 * kCluster / kUnit] = {};
    EXPECT_EQ(mincore(map, bytes, resident), 0);
    munmap(map, bytes);
    return static_cast<size_t>(std::count_if(std::begin(resident), std::end(resident),
                                             [](unsigned char page) { return (page & 1) != 0; }));
  }
  void expect_all_of_it() { EXPECT_EQ(file_.contents(), bytes_.text().substr(kFrom, kTo - kFrom)); }

  static constexpr size_t kFrom = 0, kTo = kCluster + 2 * kUnit + 77;
  const AlignedBytes bytes_{0, 2 * kCluster};
  DiskFile file_;
  ClusterPool pool_;
  int fd_ = -1, direct_ = -1;
};

TEST_F(DirectRecoveryTest, OnlyRaggedEndsGoThroughThePageCache) {
  accept(kFrom, kCluster);
  accept(kCluster, kTo);
  Recovery outcome{};
  recover(pool_.segment(), outcome);
  EXPECT_EQ(resident_pages(), 1U);
  expect_all_of_it();
  EXPECT_EQ(outcome.files[0].written.bytes, kTo);
}

TEST_F(DirectRecoveryTest, AlsoOfWhatRests) {
  Ledger& first = accept(kFrom, kCluster);
  flush_rested(pool_.segment());
  flush_rested(pool_.segment());
  EXPECT_EQ(resident_pages(), 0U);
  EXPECT_EQ(first.landed, kCluster);
}

TEST_F(DirectRecoveryTest, AppendedOnesGoDirectToo) {
  const int appending = ::open(file_.path(), O_WRONLY | O_APPEND);
  const int high = duplicate_private(appending), direct = open_private_direct(appending, O_APPEND);
  for (const auto& [from, to] : {std::pair{kCluster, kTo}, std::pair{kFrom, kCluster}}) {
    Ledger& ledger = accept(from, to);
    ledger.fd = high;
    ledger.direct = direct;
    ledger.appends = true;
  }
  Recovery outcome{};
  recover(pool_.segment(), outcome);
  EXPECT_EQ(resident_pages(), 1U);
  expect_all_of_it();
  for (const int fd : {high, direct}) close_private(fd);
  close(appending);
}

TEST_F(DirectRecoveryTest, WithoutAFittingDirectDescriptorAllOfItDoes) {
  const DiskFile other;
  const int others = open_private_direct(other.fd(), 0);
  for (const int unfit : {-1, fd_, others, file_.fd(), 1 << 20}) {
    ASSERT_EQ(ftruncate(fd_, 0), 0);
    accept(kFrom, kCluster).direct = unfit;
    accept(kCluster, kTo).unit = unfit == -1 ? 3 : 0;
    Recovery outcome{};
    recover(pool_.segment(), outcome);
    EXPECT_GT(resident_pages(), 5U);
    expect_all_of_it();
    EXPECT_EQ(other.contents(), "");
    pool_.destroy();
    ASSERT_TRUE(pool_.create(4 * kCluster, kCluster));
  }
  close_private(others);
}

TEST_F(RecoveryTest, WhatAKilledGuardWasWritingIsDueAgain) {
  accept(0, "there");
  recover();
  set_appending();
  Ledger& written = accept(0, "over").ledger;
  Ledger& appended = accept(2, "erewith").ledger;
  Ledger& owners = accept(0, "mine").ledger;
  appended.appends = true;
  owners.state = Ledger::kOwner;
  written.state = appended.state = Ledger::kGuard;
  take_over_all(pool_.segment());
  EXPECT_EQ(written.state, Ledger::kAccepted);
  EXPECT_EQ(written.landed, 0U);
  EXPECT_EQ(appended.state, Ledger::kAccepted);
  EXPECT_EQ(appended.landed, 3U);
  EXPECT_EQ(owners.state, Ledger::kOwner);
}

TEST_F(RecoveryTest, TellsWhatItDidFileByFile) {
  DiskFile other;
  const int high = duplicate_private(other.fd());
  struct stat facts;
  ASSERT_EQ(fstat(high, &facts), 0);
  accept(0, "first");
  Ledger& ledger = accept(0, "other").ledger;
  ledger.fd = high;
  ledger.file = id_of(facts);
  accept(5, "and more", 4);
  accept(9, "gone").ledger.state = Ledger::kFree;
  recover();
  EXPECT_EQ(other.contents(), "other");
  ASSERT_EQ(outcome_.count, 2u);
  EXPECT_NE(outcome_.files[0].fd, outcome_.files[1].fd);
  for (size_t i = 0; i < 2; ++i) {
    const FileOutcome& file = outcome_.files[i];
    const bool mine = file.fd == fd_;
    EXPECT_TRUE(mine || file.fd == high);
    EXPECT_EQ(file.written.bytes, mine ? 9u : 5u);
    EXPECT_EQ(file.written.clusters, mine ? 2u : 1u);
    EXPECT_EQ(file.lost.bytes, 0u);
    EXPECT_EQ(file.error, 0);
  }
  close_private(high);
}

TEST_F(RecoveryTest, TellsWhatWasRefused) {
  accept(0, "four");
  accept(kSize, "six and more");
  accept(kSize + 3 * kSize, "none");
  const SizeLimit limit(kSize + 3);
  recover();
  ASSERT_EQ(outcome_.count, 1u);
  const FileOutcome& file = outcome_.files[0];
  EXPECT_EQ(file.written.bytes, 7u);
  EXPECT_EQ(file.written.clusters, 2u);
  EXPECT_EQ(file.lost.bytes, 13u);
  EXPECT_EQ(file.lost.clusters, 2u);
  EXPECT_EQ(file.error, EFBIG);
  EXPECT_EQ(contents().size(), kSize + 3);
}

TEST_F(RecoveryTest, TellsOfADescriptorThatIsGone) {
  accept(0, "closed").ledger.fd = -1;
  recover();
  ASSERT_EQ(outcome_.count, 1u);
  EXPECT_EQ(outcome_.files[0].fd, -1);
  EXPECT_EQ(outcome_.files[0].lost.bytes, 6u);
  EXPECT_EQ(outcome_.files[0].error, EBADF);
}

TEST_F(RecoveryTest, TellsNothingWhereNothingWasDue) {
  accept(0, "there", 5);
  accept(0, "gone").ledger.state = Ledger::kFree;
  recover();
  EXPECT_EQ(outcome_.count, 0u);
}

TEST_F(RecoveryTest, AppendsNothingBehindWhatWasRefused) {
  set_appending();
  for (const int64_t offset : {4, 0, 8}) accept(offset, "text").ledger.appends = true;
  pool_.segment().entry(0).ledger.fd = -1;
  recover();
  EXPECT_EQ(contents(), "text");
  ASSERT_EQ(outcome_.count, 1u);
  EXPECT_EQ(outcome_.files[0].written.bytes, 4u);
  EXPECT_EQ(outcome_.files[0].lost.bytes, 8u);
  EXPECT_EQ(outcome_.files[0].error, EBADF);
}

TEST_F(RecoveryTest, OfMoreFilesThanItKeepsTheLastStandsForAll) {
  pool_.destroy();
  ASSERT_TRUE(pool_.create((Recovery::kMost + 9) * kSize, kSize));
  for (size_t i = 0; i < Recovery::kMost + 9; ++i) accept(0, "x").ledger.file.inode += 1 + i;
  recover();
  ASSERT_EQ(outcome_.count, Recovery::kMost);
  EXPECT_EQ(outcome_.files[Recovery::kMost - 2].lost.bytes, 1u);
  EXPECT_EQ(outcome_.files[Recovery::kMost - 1].lost.bytes, 10u);
  EXPECT_EQ(outcome_.files[Recovery::kMost - 1].fd, -1);
}

TEST_F(RecoveryTest, AppendsAFullPoolInOrder) {
  constexpr size_t kSlots = 16384;
  pool_.destroy();
  ASSERT_TRUE(pool_.create(kSlots * kSize, kSize));
  set_appending();
  std::string expected(kSlots, '\0');
  for (size_t i = 0; i < kSlots; ++i) {
    // Each place once, here and there.
    const size_t at = i * 7919 % kSlots;
    expected[at] = static_cast<char>('a' + i % 26);
    accept(static_cast<int64_t>(at), expected.substr(at, 1)).ledger.appends = true;
  }
  recover();
  EXPECT_EQ(contents(), expected);
  ASSERT_EQ(outcome_.count, 1u);
  EXPECT_EQ(outcome_.files[0].written.clusters, kSlots);
}

TEST_F(RecoveryTest, FlushesWhatHasRestedFromOneLookToTheNext) {
  Entry& entry = accept(0, "slow");
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "");
  std::memcpy(entry.cluster.data(kSize) + 4, "ly", 2);
  entry.cluster.used = 6;
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "");
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "slowly");
  EXPECT_EQ(entry.ledger.landed, 6u);
  EXPECT_EQ(entry.ledger.state, Ledger::kAccepted);
}

TEST_F(RecoveryTest, FlushesEachByteOnce) {
  accept(0, "once");
  flush_rested(pool_.segment());
  flush_rested(pool_.segment());
  ASSERT_EQ(pwrite(fd_, "then", 4, 0), 4);
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "then");
  EXPECT_TRUE(anything_held(pool_.segment()));  // it may grow again
}

TEST_F(RecoveryTest, LeavesAloneWhatTheOwnerIsWriting) {
  accept(0, "x").ledger.state = Ledger::kOwner;
  flush_rested(pool_.segment());
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "");
}

TEST_F(RecoveryTest, NothingLandsBesideWhatTheOwnerIsWriting) {
  Entry& before = accept(0, std::string(kSize, 'x'), 100);
  before.ledger.state = Ledger::kOwner;
  accept(kSize, "behind");
  for (int look = 0; look < 3; ++look) flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "");
  // Whether it got there, is known by what has landed: the owner may not have come to free it.
  ASSERT_EQ(pwrite(fd_, before.cluster.data(kSize), kSize, 0), static_cast<ssize_t>(kSize));
  before.ledger.landed = kSize;
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), std::string(kSize, 'x') + "behind");
}

TEST_F(RecoveryTest, WhatTheOwnerWritesToOtherFilesHoldsNothingUp) {
  Entry& other = accept(0, "other");
  other.ledger.state = Ledger::kOwner;
  ++other.ledger.file.inode;
  accept(kSize, "free").ledger.state = Ledger::kFree;
  accept(0, "mine");
  flush_rested(pool_.segment());
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "mine");
}

// It may be stopped for long before it comes to it, and never come to it then.
TEST_F(RecoveryTest, WhatTheOwnerIsWritingIsHeldUntilItIsThere) {
  Ledger& ledger = accept(0, "xyz").ledger;
  for (const uint32_t state : {Ledger::kOwner, Ledger::kGuard}) {
    ledger.state = state;
    ledger.landed = 2;
    EXPECT_TRUE(anything_held(pool_.segment()));
    ledger.landed = 3;
    EXPECT_FALSE(anything_held(pool_.segment()));
  }
  ledger.state = Ledger::kFree;
  ledger.landed = 0;
  EXPECT_FALSE(anything_held(pool_.segment()));
}

TEST_F(RecoveryTest, RestingAppendsWaitForThoseBefore) {
  set_appending();
  accept(4, "late").ledger.appends = true;
  flush_rested(pool_.segment());
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "");
  ASSERT_EQ(write(fd_, "here", 4), 4);
  flush_rested(pool_.segment());
  EXPECT_EQ(contents(), "herelate");
}

}  // namespace
}  // namespace seqshim
