#include "shim/cache/cluster_pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace seqshim {
namespace {

constexpr size_t kSize = 64 << 10;
constexpr size_t kSlots = 32;

constinit ClusterPool never_created;

class ClusterPoolTest : public ::testing::Test {
 protected:
  ClusterPoolTest() { EXPECT_TRUE(pool_.create(kSlots * kSize, kSize)); }
  ~ClusterPoolTest() override { pool_.destroy(); }

  // Pages of the memory file that exist.
  size_t pages() const {
    struct stat status;
    EXPECT_EQ(fstat(pool_.memfd(), &status), 0);
    return static_cast<size_t>(status.st_blocks) * 512 / 4096;
  }
  std::vector<Cluster*> acquire_all() {
    std::vector<Cluster*> taken;
    while (Cluster* cluster = pool_.acquire()) taken.push_back(cluster);
    return taken;
  }
  // By name: its addresses may be someone else's in a child.
  static bool pool_is_mapped() {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    while (std::getline(maps, line))
      if (line.find("seqshim-pool") != std::string::npos) return true;
    return false;
  }
  // Runs `body` in a forked child; true if it returned true.
  template <class Body>
  static bool in_child(Body body) {
    const pid_t child = fork();
    if (child == 0) _exit(body() ? 0 : 1);
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  ClusterPool pool_;
};

TEST(ClusterPoolZero, IsUnusableAndHarmless) {
  EXPECT_EQ(never_created.acquire(), nullptr);
  EXPECT_EQ(never_created.slots(), 0u);
  EXPECT_EQ(never_created.available(), 0u);
  EXPECT_EQ(never_created.memfd(), -1);
  never_created.close_descriptor();
  never_created.destroy();
}

TEST(ClusterPoolZero, ACacheOnItHasNoRoom) {
  SeqCache cache(never_created);
  const auto written = cache.write(12345, "x", 1);
  EXPECT_EQ(written.status, SeqCache::Status::kNoRoom);
  EXPECT_EQ(written.bytes, 0u);
  EXPECT_TRUE(cache.empty());
}

TEST(ClusterPoolCreate, RefusesInvalidSizes) {
  ClusterPool pool;
  for (size_t size : {size_t{0}, size_t{2048}, size_t{5000}, size_t{128} << 20})
    EXPECT_FALSE(pool.create(size_t{1} << 20, size)) << size;
  EXPECT_FALSE(pool.create(~size_t{0}, 4096));
  EXPECT_EQ(pool.acquire(), nullptr);
  EXPECT_TRUE(pool.create(size_t{1} << 20, 4096));  // a failure isn't final
  EXPECT_FALSE(pool.create(size_t{1} << 20, 4096));
  EXPECT_EQ(pool.slots(), 256u);
  pool.destroy();
}

TEST(ClusterPoolCreate, HasAtLeastTwoSlots) {
  for (size_t memory : {size_t{0}, size_t{4096}, size_t{1} << 20}) {
    ClusterPool pool;
    ASSERT_TRUE(pool.create(memory, size_t{1} << 20));
    EXPECT_EQ(pool.slots(), 2u);
    pool.destroy();
  }
}

TEST_F(ClusterPoolTest, AFileSizeLimitRefusesWithoutASignal) {
  EXPECT_TRUE(in_child([] {
    const rlimit small = {1 << 20, 1 << 20};
    ClusterPool pool;
    return setrlimit(RLIMIT_FSIZE, &small) == 0 && !pool.create(8 << 20, 4096) &&
           pool.memfd() == -1 && pool.create(512 << 10, 4096);
  }));
}

TEST_F(ClusterPoolTest, HandsOutEverySlotOnce) {
  EXPECT_EQ(pool_.available(), kSlots);
  const auto taken = acquire_all();
  EXPECT_EQ(taken.size(), kSlots);
  EXPECT_EQ(pool_.available(), 0u);
  std::set<std::byte*> slots;
  for (size_t i = 0; i < taken.size(); ++i) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(taken[i]->slot) % 4096, 0u);
    slots.insert(taken[i]->slot);
    std::memset(taken[i]->slot, static_cast<int>(i), kSize);
  }
  ASSERT_EQ(slots.size(), kSlots);
  for (size_t i = 0; i < taken.size(); ++i)
    EXPECT_EQ(std::count(taken[i]->slot, taken[i]->slot + kSize, static_cast<std::byte>(i)),
              static_cast<ptrdiff_t>(kSize));
}

TEST_F(ClusterPoolTest, RecyclesTheSlotReleasedLast) {
  Cluster* const first = pool_.acquire();
  Cluster* const second = pool_.acquire();
  pool_.release(second);
  pool_.release(first);
  EXPECT_EQ(pool_.available(), kSlots);
  EXPECT_EQ(pool_.acquire(), first);
  EXPECT_EQ(pool_.acquire(), second);
  EXPECT_NE(pool_.acquire(), nullptr);
  EXPECT_EQ(pool_.available(), kSlots - 3);
}

TEST_F(ClusterPoolTest, NoPageIsTouchedBeforeItIsUsed) {
  EXPECT_EQ(pages(), 0u);
  Cluster* const cluster = pool_.acquire();
  EXPECT_EQ(pages(), 1u);  // the descriptors' first page
  cluster->slot[0] = std::byte{1};
  EXPECT_EQ(pages(), 2u);
  for (int i = 0; i < 50; ++i) {
    pool_.release(cluster);
    ASSERT_EQ(pool_.acquire(), cluster);
  }
  EXPECT_EQ(pages(), 2u);
}

TEST_F(ClusterPoolTest, WhatIsUsedAgainAndAgainGetsHugePages) {
  Cluster* const cluster = pool_.acquire();
  cluster->slot[0] = std::byte{1};
  for (int i = 0; i < 100; ++i) {
    pool_.release(cluster);
    ASSERT_EQ(pool_.acquire(), cluster);
  }
  EXPECT_EQ(cluster->slot[0], std::byte{1});
  if (pages() == 2) GTEST_SKIP() << "none to be had here";
  EXPECT_EQ(pages(), 1 + HugePages::kBytes / 4096);
}

TEST_F(ClusterPoolTest, TheFileHasTheLayoutThatTheHeaderPromises) {
  Cluster* cluster = nullptr;
  for (int i = 0; i < 3; ++i) cluster = pool_.acquire();
  std::memcpy(cluster->slot + 10, "hello", 5);
  cluster->offset = 4711;
  cluster->used.store(5);

  Cluster seen;
  char text[5];
  ASSERT_EQ(pread(pool_.memfd(), text, 5, 2 * kSize + 10), 5);
  EXPECT_EQ(std::memcmp(text, "hello", 5), 0);
  ASSERT_EQ(pread(pool_.memfd(), static_cast<void*>(&seen), sizeof seen,
                  kSlots * kSize + sizeof(SegmentWords) + 2 * sizeof(Entry)),
            static_cast<ssize_t>(sizeof seen));
  EXPECT_EQ(seen.offset, 4711);
  EXPECT_EQ(seen.bytes(), 5u);
}

TEST_F(ClusterPoolTest, WhatIsReleasedIsStruckFromTheLedger) {
  Cluster* const cluster = pool_.acquire();
  Ledger& ledger = ClusterPool::ledger_of(*cluster);
  EXPECT_EQ(ledger.state, Ledger::kFree);
  EXPECT_EQ(&ledger, &pool_.segment().entry(0).ledger);
  ledger.state = Ledger::kAccepted;
  pool_.release(cluster);
  EXPECT_EQ(ledger.state, Ledger::kFree);
}

TEST_F(ClusterPoolTest, ReservationsAreTakenOnceEach) {
  std::set<Reservation*> taken;
  while (Reservation* one = pool_.take_reservation()) EXPECT_TRUE(taken.insert(one).second);
  EXPECT_EQ(taken.size(), Segment::kReservations);
  ClusterPool::give_back(*taken.begin());
  EXPECT_EQ(pool_.take_reservation(), *taken.begin());
  EXPECT_EQ(pool_.take_reservation(), nullptr);
}

TEST_F(ClusterPoolTest, TheDescriptorIsCloseOnExecAndNotNeeded) {
  EXPECT_EQ(fcntl(pool_.memfd(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  const int old = pool_.memfd();
  pool_.close_descriptor();
  EXPECT_EQ(pool_.memfd(), -1);
  EXPECT_EQ(fcntl(old, F_GETFD), -1);
  std::memset(pool_.acquire()->slot, 1, kSize);
}

TEST_F(ClusterPoolTest, AForkedChildDoesNotHaveTheMappingAndCanStartAnew) {
  pool_.acquire();
  EXPECT_TRUE(pool_is_mapped());
  EXPECT_TRUE(in_child([&] {
    if (pool_is_mapped()) return false;
    pool_.close_descriptor();
    pool_.forget();
    if (pool_.acquire() != nullptr || pool_.slots() != 0) return false;
    if (!pool_.create(8 * 4096, 4096) || pool_.slots() != 8) return false;
    std::memset(pool_.acquire()->slot, 1, 4096);
    return pool_.available() == 7;
  }));
  EXPECT_EQ(pool_.available(), kSlots - 1);
}

TEST_F(ClusterPoolTest, ServesCachesThatOutgrowTheirBuckets) {
  SeqCache cache(pool_);
  const std::vector<char> source(kSlots * kSize, 'x');
  EXPECT_EQ(cache.write(0, source.data(), source.size()).status, SeqCache::Status::kDone);
  EXPECT_EQ(cache.count(), kSlots);
  EXPECT_EQ(cache.write(1 << 30, source.data(), 1).status, SeqCache::Status::kNoRoom);
  std::vector<char> target(source.size());
  EXPECT_EQ(cache.read(0, target.data(), target.size()), source.size());
  EXPECT_EQ(source, target);
  while (Cluster* cluster = cache.next_flush(true)) cache.discard(cluster->offset);
  EXPECT_TRUE(cache.empty());
  EXPECT_EQ(pool_.available(), kSlots);
}

TEST_F(ClusterPoolTest, BucketsAreZeroed) {
  Cluster** const buckets = pool_.grow_buckets(100000);
  ASSERT_NE(buckets, nullptr);
  EXPECT_EQ(std::count(buckets, buckets + 100000, nullptr), 100000);
  pool_.free_buckets(buckets);
  EXPECT_EQ(pool_.grow_buckets(~size_t{0} / 2), nullptr);
}

// Every thread holds a few clusters at a time, marks them, and must find its mark again.
TEST_F(ClusterPoolTest, SeveralThreadsNeverShareACluster) {
  const auto work = [this](int thread) {
    std::vector<Cluster*> held;
    for (int i = 0; i < 50000; ++i) {
      if (Cluster* const cluster = held.size() < 12 ? pool_.acquire() : nullptr) {
        cluster->offset = thread;
        std::memset(cluster->slot, thread, 64);
        held.push_back(cluster);
        if (i % 3 != 0) continue;
      }
      if (held.empty()) continue;
      Cluster* const cluster = held.back();
      held.pop_back();
      ASSERT_EQ(cluster->offset, thread);
      ASSERT_EQ(cluster->slot[63], static_cast<std::byte>(thread));
      pool_.release(cluster);
    }
    for (Cluster* cluster : held) pool_.release(cluster);
  };
  std::vector<std::thread> threads;
  for (int thread = 1; thread <= 4; ++thread) threads.emplace_back(work, thread);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pool_.available(), kSlots);
  EXPECT_EQ(acquire_all().size(), kSlots);
}

TEST(MutexTest, ExcludesThreads) {
  Mutex lock;
  int64_t count = 0;
  const auto work = [&] {
    for (int i = 0; i < 100000; ++i) {
      MutexLock guard(lock);
      ++count;
    }
  };
  std::thread other(work), third(work);
  work();
  other.join();
  third.join();
  EXPECT_EQ(count, 300000);
}

}  // namespace
}  // namespace seqshim
