#include "seqshim/seqcache.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "seqshim/heap_clusters.h"
#include "tests/support/seqcache_model.h"

namespace seqshim {
namespace {

constexpr int64_t kSize = 4096;
constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
using Status = SeqCache::Status;

struct Region {
  int64_t offset;
  std::string bytes;
  bool finished;
  bool operator==(const Region&) const = default;
};

class SeqCacheTest : public ::testing::Test {
 protected:
  ~SeqCacheTest() override {
    while (const Cluster* cluster = cache_.next_flush(true)) cache_.discard(cluster->offset);
    while (!flushed_.empty()) {
      cache_.discard(flushed_.back());
      flushed_.pop_back();
    }
  }

  // Bytes whose value tells their place, so that a misplaced one shows.
  static std::string text(int64_t offset, int64_t bytes) {
    std::string made(static_cast<size_t>(bytes), '\0');
    auto place = static_cast<uint64_t>(offset);
    for (char& byte : made) {
      byte = static_cast<char>(place * 31 + (place >> 8));
      ++place;
    }
    return made;
  }

  void write(int64_t offset, int64_t bytes) {
    const auto written = cache_.write(offset, text(offset, bytes).data(), bytes);
    ASSERT_EQ(written.status, Status::kDone);
    ASSERT_EQ(written.bytes, static_cast<size_t>(bytes));
  }
  void expect_refused(int64_t offset, size_t bytes) {
    const std::string source(16384, 'x');
    const auto written = cache_.write(offset, source.data(), bytes);
    EXPECT_EQ(written.status, Status::kRefused);
    EXPECT_EQ(written.bytes, 0u);
    EXPECT_FALSE(cache_.append(offset, source.data(), bytes));
  }
  std::string read(int64_t offset, size_t bytes) const {
    std::string target(bytes, '?');
    target.resize(cache_.read(offset, target.data(), bytes));
    return target;
  }
  Region flush(bool also_unfinished) {
    const Cluster* const cluster = cache_.next_flush(also_unfinished);
    if (cluster == nullptr) return kNothing;
    flushed_.push_back(cluster->offset);
    return {cluster->offset,
            {reinterpret_cast<const char*>(cluster->data(kSize)), cluster->bytes()},
            cluster->finished};
  }
  static Region finished(int64_t offset, int64_t bytes) {
    return {offset, text(offset, bytes), true};
  }
  static Region unfinished(int64_t offset, int64_t bytes) {
    return {offset, text(offset, bytes), false};
  }

  const Region kNothing = {-1, "", false};
  HeapClusters store_{kSize};
  SeqCache cache_{store_};
  std::vector<int64_t> flushed_;
};

void PrintTo(const Region& region, std::ostream* out) {
  *out << (region.finished ? "finished " : "unfinished ") << region.bytes.size() << " bytes at "
       << region.offset;
}

// ---- The proposal, row by row

using SeqCacheProposal = SeqCacheTest;

TEST_F(SeqCacheProposal, ANewCacheIsEmpty) {
  EXPECT_TRUE(cache_.empty());
  EXPECT_EQ(cache_.count(), 0u);
  EXPECT_EQ(cache_.unfinished(), nullptr);
  EXPECT_EQ(cache_.cluster_size(), 4096u);
  EXPECT_EQ(flush(true), kNothing);
  EXPECT_EQ(read(0, 10), "");
}

TEST_F(SeqCacheProposal, AWriteIsSplitAtClusterBounds) {
  write(0, 3 * kSize + 100);
  EXPECT_EQ(cache_.count(), 4u);
  EXPECT_EQ(flush(true), finished(0, kSize));
  EXPECT_EQ(flush(true), finished(kSize, kSize));
  EXPECT_EQ(flush(true), finished(2 * kSize, kSize));
  EXPECT_EQ(flush(true), unfinished(3 * kSize, 100));
}

TEST_F(SeqCacheProposal, ASequentialWriteContinuesTheUnfinishedCluster) {
  write(0, 100);
  write(100, 50);
  write(150, 1);
  EXPECT_EQ(cache_.count(), 1u);
  EXPECT_EQ(flush(false), kNothing);
  EXPECT_EQ(flush(true), unfinished(0, 151));
}

TEST_F(SeqCacheProposal, ASequentialWriteFinishesTheClusterAtTheBound) {
  write(0, kSize - 1);
  EXPECT_EQ(flush(false), kNothing);
  write(kSize - 1, 1);
  EXPECT_EQ(cache_.unfinished(), nullptr);
  EXPECT_EQ(flush(false), finished(0, kSize));
}

TEST_F(SeqCacheProposal, ASequentialWriteAcrossTheBoundFinishesOneAndStartsTheNext) {
  write(0, kSize - 10);
  write(kSize - 10, 30);
  EXPECT_EQ(flush(true), finished(0, kSize));
  EXPECT_EQ(flush(true), unfinished(kSize, 20));
}

TEST_F(SeqCacheProposal, WriteToANewClusterFinishesTheCurrentOne) {
  write(0, 100);
  write(5 * kSize, 100);
  EXPECT_EQ(flush(true), finished(0, 100));
  EXPECT_EQ(flush(true), unfinished(5 * kSize, 100));
}

TEST_F(SeqCacheProposal, UnalignedWriteToANewClusterFinishesTheCurrentOne) {
  write(10, 100);
  write(5 * kSize + 7, 100);
  EXPECT_EQ(flush(true), finished(10, 100));
  EXPECT_EQ(flush(true), unfinished(5 * kSize + 7, 100));
}

TEST_F(SeqCacheProposal, AnUnalignedClusterIsFinishedAtItsBound) {
  write(kSize + 4000, 90);
  write(kSize + 4090, 10);
  EXPECT_EQ(flush(true), finished(kSize + 4000, 96));
  EXPECT_EQ(flush(true), unfinished(2 * kSize, 4));
}

TEST_F(SeqCacheProposal, ReadCopiesUpToTheFirstHoleAcrossClusterBounds) {
  write(100, 3 * kSize);
  EXPECT_EQ(read(100, 5 * kSize), text(100, 3 * kSize));
  EXPECT_EQ(read(kSize - 5, 10), text(kSize - 5, 10));
  EXPECT_EQ(read(99, 10), "");
  EXPECT_EQ(read(100 + 3 * kSize, 10), "");
  EXPECT_EQ(read(99 + 3 * kSize, 10), text(99 + 3 * kSize, 1));
}

TEST_F(SeqCacheProposal, ReadStopsAtAHoleWithinAClusterAndAtAMissingCluster) {
  write(0, 100);                 // a hole behind it, in its own cluster
  write(kSize, kSize);           // whole
  write(3 * kSize, kSize + 10);  // cluster 2 is missing
  EXPECT_EQ(read(0, 2 * kSize), text(0, 100));
  EXPECT_EQ(read(kSize, 3 * kSize), text(kSize, kSize));
}

TEST_F(SeqCacheProposal, ReadStopsWhereTheNextClusterBeginsLate) {
  write(kSize, kSize);
  write(2 * kSize + 1, 10);
  EXPECT_EQ(read(kSize, 2 * kSize), text(kSize, kSize));
}

TEST_F(SeqCacheProposal, NextFlushReturnsFinishedClustersInWriteOrder) {
  for (int64_t cluster : {7, 2, 9, 0}) write(cluster * kSize + 1, 10);
  EXPECT_EQ(flush(false), finished(7 * kSize + 1, 10));
  EXPECT_EQ(flush(false), finished(2 * kSize + 1, 10));
  EXPECT_EQ(flush(false), finished(9 * kSize + 1, 10));
  EXPECT_EQ(flush(false), kNothing);
}

TEST_F(SeqCacheProposal, NextFlushReturnsTheUnfinishedOneOnlyIfAsked) {
  write(0, 10);
  EXPECT_EQ(flush(false), kNothing);
  EXPECT_EQ(flush(true), unfinished(0, 10));
  EXPECT_EQ(flush(false), kNothing);
}

TEST_F(SeqCacheProposal, NextFlushReturnsTheUnfinishedOneAsOftenAsAsked) {
  write(0, 10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(flush(true), unfinished(0, 10));
}

TEST_F(SeqCacheProposal, NextFlushPrefersFinishedClusters) {
  write(0, kSize + 10);
  EXPECT_EQ(flush(true), finished(0, kSize));
  EXPECT_EQ(flush(true), unfinished(kSize, 10));
}

TEST_F(SeqCacheProposal, NextFlushNeverReturnsAFinishedClusterTwice) {
  write(0, 2 * kSize);
  EXPECT_EQ(flush(false), finished(0, kSize));
  EXPECT_EQ(flush(false), finished(kSize, kSize));
  EXPECT_EQ(flush(true), kNothing);
  write(2 * kSize, kSize);
  EXPECT_EQ(flush(true), finished(2 * kSize, kSize));
  EXPECT_EQ(flush(true), kNothing);
}

TEST_F(SeqCacheProposal, NextFlushRemovesNothing) {
  write(0, kSize + 10);
  flush(true);
  flush(true);
  EXPECT_EQ(cache_.count(), 2u);
  EXPECT_EQ(read(0, 2 * kSize), text(0, kSize + 10));
}

TEST_F(SeqCacheProposal, AFlushedUnfinishedClusterCanBeContinued) {
  write(0, 10);
  EXPECT_EQ(flush(true), unfinished(0, 10));
  write(10, 10);
  EXPECT_EQ(cache_.count(), 1u);
  EXPECT_EQ(flush(true), unfinished(0, 20));
}

TEST_F(SeqCacheProposal, AFlushedUnfinishedClusterIsReturnedOnceMoreWhenItIsFinished) {
  write(0, 10);
  EXPECT_EQ(flush(true), unfinished(0, 10));
  write(10, kSize - 10);
  EXPECT_EQ(flush(true), finished(0, kSize));
  EXPECT_EQ(flush(true), kNothing);
}

TEST_F(SeqCacheProposal, DiscardByAnyOffsetInsideTheCluster) {
  for (int64_t offset : {kSize, kSize + 99, kSize + 100, kSize + 150, 2 * kSize - 1}) {
    write(kSize + 100, 50);
    cache_.discard(offset);
    EXPECT_TRUE(cache_.empty()) << offset;
    EXPECT_EQ(store_.in_use(), 0u);
  }
}

TEST_F(SeqCacheProposal, DiscardOfAnOffsetThatIsNotCachedDoesNothing) {
  write(kSize, 50);
  for (int64_t offset : {int64_t{0}, kSize - 1, 2 * kSize, int64_t{-1}, kLast})
    cache_.discard(offset);
  EXPECT_EQ(cache_.count(), 1u);
}

TEST_F(SeqCacheProposal, DiscardMovesTheFlushIteratorOn) {
  write(0, 3 * kSize + 10);
  cache_.discard(0);
  EXPECT_EQ(flush(false), finished(kSize, kSize));
  cache_.discard(2 * kSize);
  EXPECT_EQ(flush(false), kNothing);
  EXPECT_EQ(flush(true), unfinished(3 * kSize, 10));
}

TEST_F(SeqCacheProposal, DiscardBehindTheFlushIteratorKeepsIt) {
  write(0, 3 * kSize);
  flush(false);
  cache_.discard(0);
  EXPECT_EQ(flush(false), finished(kSize, kSize));
  EXPECT_EQ(flush(false), finished(2 * kSize, kSize));
}

TEST_F(SeqCacheProposal, DiscardOfTheUnfinishedClusterEndsIt) {
  write(0, kSize + 10);
  cache_.discard(kSize);
  EXPECT_EQ(cache_.unfinished(), nullptr);
  EXPECT_EQ(flush(true), finished(0, kSize));
  EXPECT_EQ(flush(true), kNothing);
  write(kSize + 10, 10);  // starts anew, in the middle
  EXPECT_EQ(flush(true), unfinished(kSize + 10, 10));
}

TEST_F(SeqCacheProposal, AClusterFinishedAfterAllWereFlushedIsFlushedNext) {
  write(0, kSize);
  flush(false);
  write(kSize, 10);
  EXPECT_EQ(flush(false), kNothing);
  write(9 * kSize, 10);
  EXPECT_EQ(flush(false), finished(kSize, 10));
}

TEST_F(SeqCacheProposal, CountIncludesTheUnfinishedCluster) {
  write(0, 10);
  EXPECT_EQ(cache_.count(), 1u);
  write(10, kSize);
  EXPECT_EQ(cache_.count(), 2u);
  EXPECT_FALSE(cache_.empty());
}

TEST_F(SeqCacheProposal, ReadsAreServedWhileARegionIsOutForFlushing) {
  write(0, kSize + 10);
  const Cluster* const out = cache_.next_flush(false);
  EXPECT_EQ(read(0, kSize), text(0, kSize));
  write(kSize + 10, 10);
  EXPECT_EQ(read(0, 2 * kSize), text(0, kSize + 20));
  cache_.discard(out->offset);
  EXPECT_EQ(read(0, kSize), "");
}

// ---- The review's wishes, and what the proposal leaves open

using SeqCacheReview = SeqCacheTest;

TEST_F(SeqCacheReview, AClusterFilledByOneWriteAtBirthIsFinishedAtOnce) {
  write(0, kSize);
  EXPECT_EQ(cache_.unfinished(), nullptr);
  EXPECT_EQ(flush(false), finished(0, kSize));
  write(2 * kSize + 96, 4000);  // the rest of a cluster fills it too
  EXPECT_EQ(cache_.unfinished(), nullptr);
}

// The heap overflow of the proposal's v3: the cluster filled at birth stayed the current one.
TEST_F(SeqCacheReview, AWriteAfterAClusterFilledAtBirthOpensTheNextOne) {
  write(0, 150);
  write(150, 8192);
  write(8342, 150);
  EXPECT_EQ(cache_.count(), 3u);
  EXPECT_EQ(read(0, 3 * kSize), text(0, 8492));
  EXPECT_EQ(flush(true), finished(0, kSize));
  EXPECT_EQ(flush(true), finished(kSize, kSize));
  EXPECT_EQ(flush(true), unfinished(2 * kSize, 300));
}

TEST_F(SeqCacheReview, TheSameOverflowWithWholeClusters) {
  write(150, kSize - 150);
  write(kSize, 8192);
  write(3 * kSize, 150);
  EXPECT_EQ(read(150, 4 * kSize), text(150, 3 * kSize));
}

TEST_F(SeqCacheReview, ANonSequentialWriteIntoTheUnfinishedClusterIsRefused) {
  write(100, 100);
  for (int64_t offset : {0, 99, 100, 199, 201, 4095}) expect_refused(offset, 1);
  expect_refused(0, 100);
  EXPECT_EQ(flush(true), unfinished(100, 100));
  write(200, 10);  // still continued where it was
  EXPECT_EQ(flush(true), unfinished(100, 110));
}

TEST_F(SeqCacheReview, AWriteIntoAFinishedClusterIsRefused) {
  write(0, 10);
  cache_.finish();
  for (int64_t offset : {0, 9, 10, 11, 4095}) expect_refused(offset, 1);
  EXPECT_EQ(flush(false), finished(0, 10));
  expect_refused(10, 1);  // also after it was flushed
}

TEST_F(SeqCacheReview, ARefusedWriteLeavesTheCurrentClusterUnfinished) {
  write(0, kSize);
  write(5 * kSize, 10);
  expect_refused(17, 4);
  EXPECT_NE(cache_.unfinished(), nullptr);
  write(5 * kSize + 10, 10);
}

TEST_F(SeqCacheReview, AWriteKeepsWhatItAcceptedBeforeARefusal) {
  write(2 * kSize, 10);
  const auto written = cache_.write(100, text(100, 4 * kSize).data(), 4 * kSize);
  EXPECT_EQ(written.status, Status::kRefused);
  EXPECT_EQ(written.bytes, 2u * kSize - 100);
  EXPECT_EQ(read(100, 4 * kSize), text(100, 2 * kSize - 90));
}

TEST_F(SeqCacheReview, AWriteOfNoBytesChangesNothing) {
  write(0, 10);
  for (int64_t offset : {int64_t{0}, int64_t{10}, 5 * kSize, int64_t{-1}}) {
    const auto written = cache_.write(offset, nullptr, 0);
    EXPECT_EQ(written.status, Status::kDone);
    EXPECT_EQ(written.bytes, 0u);
    EXPECT_EQ(cache_.write_within_cluster(offset, nullptr, 0).status, Status::kDone);
  }
  EXPECT_EQ(cache_.count(), 1u);
  EXPECT_NE(cache_.unfinished(), nullptr);
}

TEST_F(SeqCacheReview, ARangeThatNoFileHasIsRefused) {
  expect_refused(-1, 1);
  expect_refused(std::numeric_limits<int64_t>::min(), 1);
  expect_refused(kLast, 1);
  expect_refused(kLast - 9, 10 + 1);
  expect_refused(0, std::numeric_limits<size_t>::max());
  EXPECT_TRUE(cache_.empty());
}

TEST_F(SeqCacheReview, TheLastClusterOfTheOffsetRangeWorks) {
  write(kLast - 100, 50);
  write(kLast - 50, 50);
  EXPECT_EQ(read(kLast - 100, 200), text(kLast - 100, 100));
  expect_refused(kLast, 1);
  cache_.discard(kLast);
  EXPECT_TRUE(cache_.empty());
}

TEST_F(SeqCacheReview, RoomIsWhatRemainsOfTheCluster) {
  for (int64_t skip : {0, 1, 511, 4095}) {
    write(kSize + skip, 1);
    const Cluster* const cluster = cache_.next_flush(true);
    EXPECT_EQ(cluster->room, kSize - skip);
    EXPECT_EQ(cluster->data(kSize) + cluster->room, cluster->slot + kSize);
    cache_.discard(kSize);
  }
}

TEST_F(SeqCacheReview, MemoryIsAlignedWhereTheFileIs) {
  write(kSize + 512, 10);
  const auto address = reinterpret_cast<uintptr_t>(cache_.next_flush(true)->data(kSize));
  EXPECT_EQ(address % 4096, 512u);
}

TEST_F(SeqCacheReview, WriteWithinClusterStopsAtTheBound) {
  const auto written = cache_.write_within_cluster(100, text(100, kSize).data(), kSize);
  EXPECT_EQ(written.status, Status::kDone);
  EXPECT_EQ(written.bytes, 3996u);
  EXPECT_EQ(cache_.count(), 1u);
}

TEST_F(SeqCacheReview, FinishMakesTheUnfinishedClusterFlushableAsItIs) {
  write(10, 10);
  cache_.finish();
  EXPECT_EQ(cache_.unfinished(), nullptr);
  EXPECT_EQ(flush(false), finished(10, 10));
  cache_.finish();  // nothing left to finish
  EXPECT_EQ(flush(true), kNothing);
}

TEST_F(SeqCacheReview, AcceptsTellsWhatAWriteWouldDo) {
  write(kSize + 10, 10);
  EXPECT_TRUE(cache_.accepts(kSize + 20));
  EXPECT_FALSE(cache_.accepts(kSize + 19));
  EXPECT_FALSE(cache_.accepts(kSize + 21));
  EXPECT_FALSE(cache_.accepts(kSize));
  EXPECT_TRUE(cache_.accepts(0));
  EXPECT_TRUE(cache_.accepts(2 * kSize));
  EXPECT_FALSE(cache_.accepts(-1));
}

TEST_F(SeqCacheReview, ManyClustersKeepLookupAndOrder) {
  constexpr int64_t kMany = 2000;
  for (int64_t i = 0; i < kMany; ++i) write((i * 7 % kMany) * kSize + i % kSize, 3);
  ASSERT_EQ(cache_.count(), static_cast<size_t>(kMany));
  for (int64_t i = 0; i < kMany; ++i) {
    const int64_t offset = (i * 7 % kMany) * kSize + i % kSize;
    ASSERT_EQ(read(offset, 100), text(offset, 3));
    const Region out = flush(true);
    ASSERT_EQ(out.offset, offset);
    if (i % 3 == 0) cache_.discard(offset);
  }
}

TEST_F(SeqCacheReview, LookupKeepsAtLeastOneBucketPerCluster) {
  testing::ModelStore store(kSize, 5000, true);
  SeqCache cache(store);
  for (int64_t i = 0; i < 2000; ++i) {
    cache.write(i * kSize, "x", 1);
    ASSERT_GE(std::max<size_t>(store.buckets(), 16), cache.count());
  }
  EXPECT_EQ(store.buckets(), 2048u);
}

TEST_F(SeqCacheReview, TheDestructorGivesWhatIsLeftBackToTheStore) {
  {
    SeqCache other(store_);
    other.write(0, text(0, 100 * kSize).data(), 100 * kSize);
    EXPECT_EQ(store_.in_use(), 100u);
  }
  EXPECT_EQ(store_.in_use(), 0u);
}

TEST_F(SeqCacheReview, ForgetEmptiesTheCacheWithoutItsClusters) {
  SeqCache other(store_);
  other.write(0, text(0, 40 * kSize + 5).data(), 40 * kSize + 5);
  std::vector<Cluster*> lost;
  while (Cluster* cluster = other.next_flush(lost.size() == 40)) {
    lost.push_back(cluster);
    if (!cluster->finished) break;
  }
  ASSERT_EQ(lost.size(), 41u);
  other.forget();
  for (Cluster* cluster : lost) store_.release(cluster);
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(other.next_flush(true), nullptr);
  EXPECT_EQ(other.write(0, text(0, 10).data(), 10).status, Status::kDone);
  EXPECT_EQ(other.count(), 1u);
}

// ---- Supplied bytes

/// Hands out what it has in pieces of at most `piece` bytes.
class Rationed final : public Supplier {
 public:
  Rationed(std::string bytes, size_t piece) : left_(std::move(bytes)), piece_(piece) {}
  size_t fill(std::byte* target, size_t bytes) override {
    const size_t count = std::min({bytes, piece_, left_.size()});
    std::memcpy(target, left_.data(), count);
    left_.erase(0, count);
    return count;
  }

 private:
  std::string left_;
  size_t piece_;
};

TEST_F(SeqCacheReview, ASupplierFillsUpToTheBound) {
  Rationed supplier(text(100, 5000), 1 << 20);
  const auto written = cache_.fill_within_cluster(100, 5000, supplier);
  EXPECT_EQ(written.status, Status::kDone);
  EXPECT_EQ(written.bytes, 3996u);
  EXPECT_EQ(cache_.unfinished(), nullptr);
  EXPECT_EQ(read(100, 5000), text(100, 3996));
}

TEST_F(SeqCacheReview, ASupplierMayHaveFewer) {
  Rationed supplier(text(0, 1500), 1000);
  EXPECT_EQ(cache_.fill_within_cluster(0, 4096, supplier).bytes, 1000u);
  EXPECT_EQ(cache_.fill_within_cluster(1000, 3096, supplier).bytes, 500u);
  EXPECT_EQ(cache_.fill_within_cluster(1500, 2596, supplier).bytes, 0u);
  ASSERT_NE(cache_.unfinished(), nullptr);
  EXPECT_EQ(cache_.unfinished()->bytes(), 1500u);
  EXPECT_EQ(read(0, 4096), text(0, 1500));
}

TEST_F(SeqCacheReview, ASupplierWithNothingChangesNothing) {
  write(0, 10);
  Rationed nothing("", 1);
  const auto written = cache_.fill_within_cluster(kSize, 10, nothing);
  EXPECT_EQ(written.status, Status::kDone);
  EXPECT_EQ(written.bytes, 0u);
  EXPECT_EQ(cache_.count(), 1u);
  EXPECT_NE(cache_.unfinished(), nullptr);
}

// ---- A store with an end

class SeqCacheWithTwoClusters : public ::testing::Test {
 protected:
  const std::string source_ = std::string(64 * 1024, 'x');
  HeapClusters store_{kSize, 2};
  SeqCache cache_{store_};
};

TEST_F(SeqCacheWithTwoClusters, NoRoomReportsWhatWasAccepted) {
  const auto written = cache_.write(0, source_.data(), 3 * kSize);
  EXPECT_EQ(written.status, Status::kNoRoom);
  EXPECT_EQ(written.bytes, 2u * kSize);
  EXPECT_EQ(cache_.count(), 2u);
  cache_.discard(0);
  EXPECT_EQ(cache_.write(2 * kSize, source_.data(), kSize).status, Status::kDone);
}

TEST_F(SeqCacheWithTwoClusters, NoRoomForANewClusterLeavesTheCurrentOneUnfinished) {
  cache_.write(0, source_.data(), kSize + 10);
  const auto written = cache_.write(5 * kSize, source_.data(), 1);
  EXPECT_EQ(written.status, Status::kNoRoom);
  EXPECT_EQ(written.bytes, 0u);
  ASSERT_NE(cache_.unfinished(), nullptr);
  EXPECT_TRUE(cache_.append(kSize + 10, source_.data(), 10));
  EXPECT_EQ(cache_.unfinished()->bytes(), 20u);
}

TEST_F(SeqCacheWithTwoClusters, ARefusalComesBeforeNoRoom) {
  cache_.write(0, source_.data(), kSize + 10);
  EXPECT_EQ(cache_.write(0, source_.data(), 1).status, Status::kRefused);
}

TEST(HeapClustersTest, ReserveKeepsItsWord) {
  HeapClusters store(kSize, 6);
  EXPECT_TRUE(store.reserve(6));
  EXPECT_FALSE(store.reserve(7));
  std::vector<Cluster*> taken;
  for (int i = 0; i < 6; ++i) {
    taken.push_back(store.acquire());
    ASSERT_NE(taken.back(), nullptr);
    std::memset(taken.back()->slot, i, kSize);
  }
  EXPECT_EQ(store.acquire(), nullptr);
  EXPECT_EQ(store.in_use(), 6u);
  for (Cluster* cluster : taken) store.release(cluster);
  EXPECT_EQ(store.in_use(), 0u);
}

TEST(HeapClustersTest, AnInvalidClusterSizeHasNoClusters) {
  for (size_t size : {size_t{0}, size_t{2048}, size_t{5000}, size_t{128} << 20})
    EXPECT_EQ(HeapClusters(size).acquire(), nullptr);
}

TEST(ClusterSize, IsAPowerOfTwoFrom4KiBTo64MiB) {
  for (uint64_t size = 4096; size <= uint64_t{64} << 20; size *= 2) {
    EXPECT_TRUE(valid_cluster_size(size));
    EXPECT_FALSE(valid_cluster_size(size + 4096 / 2));
  }
  for (uint64_t size : {uint64_t{0}, uint64_t{1}, uint64_t{2048}, uint64_t{128} << 20, ~uint64_t{}})
    EXPECT_FALSE(valid_cluster_size(size));
}

// ---- append(), and the signal that interrupts it

using SeqCacheAppend = SeqCacheTest;

TEST_F(SeqCacheAppend, ContinuesTheUnfinishedCluster) {
  write(7, 10);
  EXPECT_TRUE(cache_.append(17, text(17, 100).data(), 100));
  EXPECT_EQ(flush(true), unfinished(7, 110));
}

TEST_F(SeqCacheAppend, NeedsAnUnfinishedClusterThatEndsThere) {
  const std::string source = text(0, 100);
  EXPECT_FALSE(cache_.append(0, source.data(), 10));
  write(0, 10);
  EXPECT_FALSE(cache_.append(9, source.data(), 10));
  EXPECT_FALSE(cache_.append(11, source.data(), 10));
  cache_.finish();
  EXPECT_FALSE(cache_.append(10, source.data(), 10));
  EXPECT_EQ(flush(true), finished(0, 10));
}

TEST_F(SeqCacheAppend, LeavesTheFillingOfAClusterToWrite) {
  const std::string source = text(0, 2 * kSize);
  write(0, 96);
  EXPECT_FALSE(cache_.append(96, source.data(), 4000));
  EXPECT_FALSE(cache_.append(96, source.data(), 4001));
  EXPECT_FALSE(cache_.append(96, source.data(), std::numeric_limits<size_t>::max()));
  EXPECT_FALSE(cache_.append(96, source.data(), std::numeric_limits<size_t>::max() - 95));
  EXPECT_TRUE(cache_.append(96, source.data() + 96, 3999));
  EXPECT_FALSE(cache_.append(4095, source.data(), 1));
  EXPECT_EQ(flush(true), unfinished(0, 4095));
}

TEST_F(SeqCacheAppend, DetachTakesTheUnfinishedClusterAsItIs) {
  write(0, kSize + 10);
  Cluster* const cluster = cache_.detach_unfinished();
  ASSERT_NE(cluster, nullptr);
  EXPECT_EQ(cluster->bytes(), 10u);
  EXPECT_EQ(cluster->offset, kSize);
  EXPECT_EQ(cache_.count(), 1u);
  EXPECT_EQ(read(0, 2 * kSize), text(0, kSize));
  EXPECT_FALSE(cache_.append(kSize + 10, "x", 1));
  EXPECT_EQ(cache_.detach_unfinished(), nullptr);
  EXPECT_EQ(store_.in_use(), 2u);
  store_.release(cluster);
  write(kSize + 10, 10);
  EXPECT_EQ(flush(true), finished(0, kSize));
  EXPECT_EQ(flush(true), unfinished(kSize + 10, 10));
}

// The moment between the lookup of the cluster and the commit, step by step.
TEST_F(SeqCacheAppend, ASealedClusterCanNotBeCommitted) {
  write(0, 10);
  Cluster* const cluster = cache_.next_flush(true);
  uint32_t seen = cluster->used.load();
  ASSERT_EQ(cache_.detach_unfinished(), cluster);
  EXPECT_FALSE(cluster->used.compare_exchange_strong(seen, seen + 5));
  EXPECT_EQ(cluster->bytes(), 10u);
  store_.release(cluster);
}

// What a signal handler of the shim does: takes the unfinished bytes away, writes them out, and
// goes on; here in a real handler that hits the appending loop wherever it happens to be. The
// "file" is a repeated piece, so what is written out can be checked on the spot and forgotten.
struct Interrupted {
  static constexpr size_t kClusterSize = kMinClusterSize << 4;
  static constexpr size_t kPiece = 700;

  SeqCache* cache = nullptr;
  int64_t written_out = 0;
  bool wrong = false;
  Cluster* detached[64];           // to be released outside of the handler
  volatile sig_atomic_t held = 0;  // of them
  volatile sig_atomic_t hits = 0;
  volatile sig_atomic_t armed = 0;  // the slow path runs with signals blocked

  static char byte_at(int64_t offset) { return static_cast<char>(offset % kPiece); }

  void write_out(const Cluster& cluster) {
    const auto* const bytes = reinterpret_cast<const char*>(cluster.data(kClusterSize));
    if (cluster.offset != written_out) wrong = true;
    for (uint32_t i = 0; i < cluster.bytes(); ++i)
      if (bytes[i] != byte_at(cluster.offset + i)) wrong = true;
    written_out += cluster.bytes();
  }
} interrupted;

void take_unfinished(int) {
  if (!interrupted.armed || interrupted.held == 64) return;
  Cluster* const cluster = interrupted.cache->detach_unfinished();
  if (cluster == nullptr) return;
  interrupted.write_out(*cluster);
  interrupted.detached[interrupted.held] = cluster;
  interrupted.held = interrupted.held + 1;
  interrupted.hits = interrupted.hits + 1;
}

class SeqCacheSignal : public ::testing::Test {
 protected:
  SeqCacheSignal() {
    interrupted.cache = &cache_;
    struct sigaction action = {};
    action.sa_handler = take_unfinished;
    sigaction(SIGALRM, &action, &old_action_);
    const itimerval often = {{0, 50}, {0, 50}};
    setitimer(ITIMER_REAL, &often, nullptr);
  }
  ~SeqCacheSignal() override {
    const itimerval never = {};
    setitimer(ITIMER_REAL, &never, nullptr);
    sigaction(SIGALRM, &old_action_, nullptr);
    release_detached();
  }

  void release_detached() {
    while (interrupted.held > 0) {
      interrupted.held = interrupted.held - 1;
      store_.release(interrupted.detached[interrupted.held]);
    }
  }
  void disarmed_write(int64_t offset, const std::string& piece) {
    interrupted.armed = 0;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    release_detached();
    EXPECT_EQ(cache_.write(offset, piece.data(), piece.size()).bytes, piece.size());
    flush(false);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    interrupted.armed = 1;
  }
  void flush(bool also_unfinished) {
    while (const Cluster* cluster = cache_.next_flush(also_unfinished)) {
      interrupted.write_out(*cluster);
      cache_.discard(cluster->offset);
    }
  }

  HeapClusters store_{Interrupted::kClusterSize};
  SeqCache cache_{store_};
  struct sigaction old_action_;
};

TEST_F(SeqCacheSignal, AHandlerThatDetachesLosesAndDoublesNoByte) {
  std::string piece(Interrupted::kPiece, '\0');
  for (size_t i = 0; i < piece.size(); ++i) piece[i] = Interrupted::byte_at(i);
  int64_t position = 0;
  for (int i = 0; i < 10000000 && interrupted.hits < 1000; ++i) {
    if (!cache_.append(position, piece.data(), piece.size())) disarmed_write(position, piece);
    position += static_cast<int64_t>(piece.size());
  }
  interrupted.armed = 0;
  flush(true);
  EXPECT_GT(interrupted.hits, 0);
  EXPECT_EQ(interrupted.written_out, position);
  EXPECT_FALSE(interrupted.wrong);
}

// ---- The model

class SeqCacheModelTest : public ::testing::TestWithParam<size_t> {};

// 10^6 operations over the five sizes; fewer for sanitizers by SEQSHIM_MODEL_OPERATIONS.
TEST_P(SeqCacheModelTest, AgreesWithANaiveByteMap) {
  const char* const asked = std::getenv("SEQSHIM_MODEL_OPERATIONS");
  const uint64_t total = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 1000000;
  constexpr uint64_t kPerRun = 2000;  // then another store capacity and place in the file
  const uint64_t runs = (total / 5 + kPerRun - 1) / kPerRun;
  for (uint64_t seed = 1; seed <= runs; ++seed) {
    testing::RandomDraws draws(seed * 1000003 + GetParam());
    testing::SeqCacheModelRun run(draws, GetParam());
    ASSERT_EQ(run.run(kPerRun), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(ClusterSizes, SeqCacheModelTest,
                         ::testing::Values(4096, 8192, 16384, 32768, 65536));

}  // namespace
}  // namespace seqshim
