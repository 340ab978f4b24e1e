#include "seqshim/seqcache_c.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <vector>

namespace {

constexpr int64_t kSize = 4096;
constexpr int64_t kLast = std::numeric_limits<int64_t>::max();

class SeqCacheC : public ::testing::Test {
 protected:
  SeqCacheC() : bytes_(16 * kSize) {
    for (size_t i = 0; i < bytes_.size(); ++i) bytes_[i] = static_cast<uint8_t>(i * 31 + i / 256);
  }
  ~SeqCacheC() override {
    while (next(true)) seqcache_discard_cluster(cache_, offset_);
    // What was flushed before, and kept.
    for (int64_t offset = 0; offset < 16 * kSize; offset += kSize)
      seqcache_discard_cluster(cache_, offset);
    EXPECT_EQ(seqcache_free(cache_), 0);
  }

  int write(int64_t offset, int64_t bytes) {
    return seqcache_write(cache_, offset, bytes, bytes_.data() + offset);
  }
  // The number of bytes read, or -1 if they are not what was written.
  int64_t read(int64_t offset, int64_t bytes) {
    std::vector<uint8_t> target(static_cast<size_t>(bytes));
    const int64_t count = seqcache_read(cache_, offset, bytes, target.data());
    if (count == 0) return 0;
    return std::memcmp(target.data(), bytes_.data() + offset, static_cast<size_t>(count)) == 0
               ? count
               : -1;
  }
  bool next(bool also_unfinished) {
    unfinished_ = also_unfinished;
    return seqcache_get_next_flush(cache_, &offset_, &length_, &buf_, &unfinished_);
  }
  void expect_flush(bool ask, int64_t offset, int64_t bytes, bool unfinished) {
    ASSERT_TRUE(next(ask));
    EXPECT_EQ(offset_, offset);
    EXPECT_EQ(length_, bytes);
    EXPECT_EQ(unfinished_, unfinished);
    EXPECT_EQ(std::memcmp(buf_, bytes_.data() + offset, static_cast<size_t>(bytes)), 0);
  }

  std::vector<uint8_t> bytes_;  // what byte belongs where in the "file"
  SeqCache* cache_ = seqcache_new(kSize);
  int64_t offset_ = -1, length_ = -1;
  uint8_t* buf_ = nullptr;
  bool unfinished_ = false;
};

TEST(SeqCacheCNew, RefusesBadClusterSizes) {
  for (int64_t size : {int64_t{0}, int64_t{-4096}, int64_t{2048}, int64_t{4097}, int64_t{12288},
                       int64_t{128} << 20, kLast, std::numeric_limits<int64_t>::min()}) {
    errno = 0;
    EXPECT_EQ(seqcache_new(size), nullptr) << size;
    EXPECT_EQ(errno, EINVAL);
  }
}

TEST(SeqCacheCNew, TakesEveryPowerOfTwoBetween) {
  for (int64_t size = 4096; size <= int64_t{64} << 20; size *= 2) {
    SeqCache* const cache = seqcache_new(size);
    ASSERT_NE(cache, nullptr);
    EXPECT_EQ(seqcache_nb_clusters(cache), 0u);
    EXPECT_EQ(seqcache_free(cache), 0);
  }
}

TEST(SeqCacheCFree, TakesNull) { EXPECT_EQ(seqcache_free(nullptr), 0); }

TEST_F(SeqCacheC, FreeRequiresAnEmptyCache) {
  write(0, 10);
  EXPECT_EQ(seqcache_free(cache_), -EBUSY);
  EXPECT_EQ(read(0, 100), 10);
  EXPECT_EQ(write(10, 10), 0);
}

TEST_F(SeqCacheC, AWriteIsSplitAtClusterBounds) {
  EXPECT_EQ(write(100, 2 * kSize), 0);
  EXPECT_EQ(seqcache_nb_clusters(cache_), 3u);
  expect_flush(true, 100, kSize - 100, false);
  expect_flush(true, kSize, kSize, false);
  expect_flush(true, 2 * kSize, 100, true);
}

TEST_F(SeqCacheC, ASequentialWriteContinuesAndFinishesAtTheBound) {
  write(0, 4000);
  write(4000, 90);
  EXPECT_FALSE(next(false));
  write(4090, 10);
  expect_flush(false, 0, kSize, false);
  expect_flush(true, kSize, 4, true);
}

TEST_F(SeqCacheC, WriteToANewClusterFinishesTheCurrentOne) {
  write(0, 10);
  write(3 * kSize, 10);
  write(7 * kSize + 5, 10);
  expect_flush(true, 0, 10, false);
  expect_flush(true, 3 * kSize, 10, false);
  expect_flush(true, 7 * kSize + 5, 10, true);
}

TEST_F(SeqCacheC, ReadCopiesUpToTheFirstHole) {
  write(10, 2 * kSize);
  EXPECT_EQ(read(10, 3 * kSize), 2 * kSize);
  EXPECT_EQ(read(9, 10), 0);
  EXPECT_EQ(read(2 * kSize, 100), 10);
  EXPECT_EQ(seqcache_read(cache_, -1, 10, bytes_.data()), 0);
  EXPECT_EQ(seqcache_read(cache_, 10, 0, bytes_.data()), 0);
  EXPECT_EQ(seqcache_read(cache_, 10, -1, bytes_.data()), 0);
}

TEST_F(SeqCacheC, FinishedClustersSetUnfinishedToFalse) {
  write(0, kSize + 10);
  expect_flush(true, 0, kSize, false);
}

TEST_F(SeqCacheC, UnfinishedKeepsItsValueWhenNoFinishedClusterIsLeft) {
  EXPECT_FALSE(next(true));
  EXPECT_TRUE(unfinished_);
  write(0, 10);
  EXPECT_FALSE(next(false));
  EXPECT_FALSE(unfinished_);
  expect_flush(true, 0, 10, true);
  expect_flush(true, 0, 10, true);
}

TEST_F(SeqCacheC, NothingToFlushSetsNothing) {
  EXPECT_FALSE(next(true));
  EXPECT_EQ(offset_, -1);
  EXPECT_EQ(length_, -1);
  EXPECT_EQ(buf_, nullptr);
}

TEST_F(SeqCacheC, AFlushedUnfinishedClusterCanBeContinued) {
  write(0, 10);
  expect_flush(true, 0, 10, true);
  write(10, 10);
  expect_flush(true, 0, 20, true);
  write(20, kSize - 20);
  expect_flush(true, 0, kSize, false);
  EXPECT_FALSE(next(true));
}

TEST_F(SeqCacheC, DiscardByAnyOffsetKeepsIteratorAndCurrent) {
  write(0, 3 * kSize + 10);
  seqcache_discard_cluster(cache_, kSize - 1);
  expect_flush(true, kSize, kSize, false);
  seqcache_discard_cluster(cache_, 2 * kSize + 5);
  seqcache_discard_cluster(cache_, 9 * kSize);
  seqcache_discard_cluster(cache_, -1);
  EXPECT_EQ(seqcache_nb_clusters(cache_), 2u);
  expect_flush(true, 3 * kSize, 10, true);
  write(3 * kSize + 10, 10);
  expect_flush(true, 3 * kSize, 20, true);
}

TEST_F(SeqCacheC, ReadsAreServedWhileARegionIsOutForFlushing) {
  write(0, kSize);
  expect_flush(false, 0, kSize, false);
  EXPECT_EQ(read(0, kSize), kSize);
}

TEST_F(SeqCacheC, TheBufferHasRoomUpToTheClustersEndAndTheFilesAlignment) {
  write(kSize, 1);
  ASSERT_TRUE(next(true));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buf_) % 4096, 0u);
  volatile uint8_t* const last = buf_ + kSize - 1;
  EXPECT_GE(*last, 0);  // AddressSanitizer has the word
}

TEST_F(SeqCacheC, TheProposalsOverflow) {
  EXPECT_EQ(write(0, 150), 0);
  EXPECT_EQ(write(150, 8192), 0);
  EXPECT_EQ(write(8342, 150), 0);
  EXPECT_EQ(seqcache_nb_clusters(cache_), 3u);
  EXPECT_EQ(read(0, 4 * kSize), 8492);
}

TEST_F(SeqCacheC, ARefusedWriteChangesNothingEvenInItsFirstParts) {
  write(2 * kSize, 10);
  EXPECT_EQ(write(100, 3 * kSize), -EINVAL);  // clusters 0 and 1 are free, 2 isn't
  EXPECT_EQ(seqcache_nb_clusters(cache_), 1u);
  EXPECT_EQ(read(100, 10), 0);
  EXPECT_EQ(write(2 * kSize + 10, 10), 0);  // still the unfinished one
  EXPECT_EQ(write(2 * kSize, 1), -EINVAL);
  EXPECT_EQ(write(2 * kSize + 21, 1), -EINVAL);
}

TEST_F(SeqCacheC, OddRangesAreRefused) {
  EXPECT_EQ(seqcache_write(cache_, -1, 1, bytes_.data()), -EINVAL);
  EXPECT_EQ(seqcache_write(cache_, 0, -1, bytes_.data()), -EINVAL);
  EXPECT_EQ(seqcache_write(cache_, kLast, 1, bytes_.data()), -EINVAL);
  EXPECT_EQ(seqcache_write(cache_, 0, 0, nullptr), 0);
  EXPECT_EQ(seqcache_nb_clusters(cache_), 0u);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SEQSHIM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SEQSHIM_SANITIZED 1
#endif
#endif

#if !defined(SEQSHIM_SANITIZED)
// In a child, since it can't get its address space back. Sanitizers need theirs.
TEST(SeqCacheCMemory, WithoutMemoryNothingChanges) {
  const pid_t child = fork();
  if (child == 0) {
    const int64_t size = int64_t{64} << 20;
    SeqCache* const cache = seqcache_new(size);
    const std::vector<uint8_t> source(static_cast<size_t>(2 * size));
    bool right = seqcache_write(cache, 0, 10, source.data()) == 0;
    const rlimit none = {0, 0};
    setrlimit(RLIMIT_AS, &none);
    right = right && seqcache_write(cache, 10, 2 * size, source.data()) == -ENOMEM &&
            seqcache_nb_clusters(cache) == 1 && seqcache_write(cache, 10, 10, source.data()) == 0;
    _exit(right ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}
#endif

}  // namespace
