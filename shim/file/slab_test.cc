#include "shim/file/slab.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <set>
#include <thread>

namespace seqshim {
namespace {

struct Tenant {
  long number;
  char more[100];
};

using Rooms = Slab<Tenant>;

Tenant* move_in(Rooms::Room* room, long number) {
  auto* const tenant = new (room->body) Tenant{};
  tenant->number = number;
  return tenant;
}

TEST(Slab, RoomsAreDistinctAndAligned) {
  Rooms slab{};
  std::set<Rooms::Room*> rooms;
  // More than one chunk's worth.
  for (int i = 0; i < 5000; ++i) {
    Rooms::Room* const room = slab.allocate();
    ASSERT_NE(room, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(room->body) % alignof(Tenant), 0u);
    move_in(room, i);
    EXPECT_TRUE(rooms.insert(room).second);
  }
}

TEST(Slab, FreshLockIsFree) {
  Rooms slab{};
  Rooms::Room* const room = slab.allocate();
  EXPECT_TRUE(room->lock.try_lock());
  room->lock.unlock();
}

TEST(Slab, RecycledRoomComesBackFirst) {
  Rooms slab{};
  Rooms::Room* const first = slab.allocate();
  Rooms::Room* const second = slab.allocate();
  slab.recycle(move_in(first, 1));
  slab.recycle(move_in(second, 2));
  EXPECT_EQ(slab.allocate(), second);
  EXPECT_EQ(slab.allocate(), first);
  Rooms::Room* const third = slab.allocate();
  EXPECT_NE(third, first);
  EXPECT_NE(third, second);
}

TEST(Slab, LockOutlivesItsTenants) {
  Rooms slab{};
  Rooms::Room* const room = slab.allocate();
  room->lock.lock();
  slab.recycle(move_in(room, 1));
  EXPECT_TRUE(room->lock.held_by_this_thread());
  ASSERT_EQ(slab.allocate(), room);
  move_in(room, 2);
  EXPECT_TRUE(room->lock.held_by_this_thread());
  EXPECT_FALSE(room->lock.try_lock());
  room->lock.unlock();
}

TEST(Slab, ForkedChildKeepsTheRecords) {
  Rooms slab{};
  Rooms::Room* const room = slab.allocate();
  room->lock.lock();
  const Tenant* const tenant = move_in(room, 4711);
  const pid_t pid = fork();
  if (pid == 0) _exit(tenant->number == 4711 ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(tenant->number, 4711);
  room->lock.unlock();
}

}  // namespace
}  // namespace seqshim
