#include "shim/file/owner_lock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace seqshim {
namespace {

TEST(OwnerLock, IsFreeAtFirst) {
  OwnerLock lock;
  EXPECT_FALSE(lock.held_by_this_thread());
  EXPECT_TRUE(lock.try_lock());
  lock.unlock();
}

TEST(OwnerLock, KnowsItsOwner) {
  OwnerLock lock;
  lock.lock();
  EXPECT_TRUE(lock.held_by_this_thread());
  std::thread([&] { EXPECT_FALSE(lock.held_by_this_thread()); }).join();
  lock.unlock();
  EXPECT_FALSE(lock.held_by_this_thread());
}

TEST(OwnerLock, HeldIsNotTakenAgainNotEvenByItsOwner) {
  OwnerLock lock;
  lock.lock();
  EXPECT_FALSE(lock.try_lock());
  std::thread([&] { EXPECT_FALSE(lock.try_lock()); }).join();
  lock.unlock();
  std::thread([&] {
    EXPECT_TRUE(lock.try_lock());
    lock.unlock();
  }).join();
}

TEST(OwnerLock, ThreadsAreDistinct) {
  const uintptr_t mine = this_thread();
  uintptr_t others = 0;
  std::thread([&] { others = this_thread(); }).join();
  EXPECT_EQ(this_thread(), mine);
  EXPECT_NE(others, mine);
  EXPECT_EQ(mine & 1, 0u);
}

TEST(OwnerLock, ExcludesOtherThreads) {
  constexpr int kThreads = 4, kEach = 50000;
  OwnerLock lock;
  long counter = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) {
        // Both ways in, the waiting one and the hot path's.
        if (i % 2 == 0) {
          lock.lock();
        } else {
          while (!lock.try_lock()) std::this_thread::yield();
        }
        ++counter;
        lock.unlock();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter, long{kThreads} * kEach);
}

TEST(OwnerLock, WaiterIsWoken) {
  OwnerLock lock;
  lock.lock();
  bool got = false;
  std::thread waiter([&] {
    lock.lock();
    got = true;
    lock.unlock();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(lock.try_lock());
  EXPECT_TRUE(lock.held_by_this_thread());  // also while someone waits
  lock.unlock();
  waiter.join();
  EXPECT_TRUE(got);
}

}  // namespace
}  // namespace seqshim
