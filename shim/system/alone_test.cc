#include "shim/system/alone.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <semaphore>
#include <thread>

namespace seqshim {
namespace {

/// As pthread_create of the shim does.
template <class Function>
std::thread begin(Function function) {
  const ThreadBegins counted;
  return std::thread(function);
}

/// The threads of other tests aren't this process's.
template <class Body>
void in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    threads.count = static_cast<const unsigned*>(::dlsym(RTLD_DEFAULT, "__nptl_nthreads"));
    _exit(threads.count == nullptr ? 77 : body() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (status == 77 << 8) GTEST_SKIP() << "libc doesn't say how many threads there are";
  EXPECT_EQ(status, 0);
}

bool comes_true(bool (*condition)()) {
  for (int i = 0; i < 1000 && !condition(); ++i) ::usleep(1000);
  return condition();
}

/// Beside the thread that `make` begins it isn't, and when that has ended it is.
template <class Make>
bool alone_only_after_one(Make make) {
  std::binary_semaphore may_end{0};
  std::thread other = make([&] { may_end.acquire(); });
  const bool not_yet = !alone();
  may_end.release();
  other.join();
  return not_yet && comes_true(alone);
}

class Alone : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizer has a thread of its own";
#endif
  }
};

TEST_F(Alone, AgainWhenTheOtherHasBeenJoined) {
  in_child([] {
    return alone_only_after_one([](auto body) { return begin(body); }) && !__libc_single_threaded;
  });
}

TEST_F(Alone, AgainWhenTheOtherHasGoneByItself) {
  in_child([] {
    static std::binary_semaphore may_end{0};
    begin([] { may_end.acquire(); }).detach();
    const bool not_yet = !alone();
    may_end.release();
    return not_yet && comes_true(alone);
  });
}

/// As libc's count is before a thread's last instructions.
constinit const unsigned one = 1;

TEST_F(Alone, NotBesideAThreadThatLibcDoesntCount) {
  in_child([] {
    begin([] {}).join();
    if (!comes_true(alone)) return false;
    threads.count = &one;
    return alone_only_after_one([](auto body) { return begin(body); });
  });
}

/// By libc's allocator, before there is another thread.
TEST_F(Alone, WhatIsAskedWhileOneBeginsHoldsNoLonger) {
  in_child([] {
    begin([] {}).join();
    if (!comes_true(alone)) return false;
    threads.count = &one;
    std::binary_semaphore may_end{0};
    bool before = false, after = true;
    std::thread other;
    {
      const ThreadBegins counted;
      before = alone();
      other = std::thread([&] { may_end.acquire(); });
      after = alone();
    }
    after = after || alone();
    may_end.release();
    other.join();
    return before && !after;
  });
}

TEST_F(Alone, UncountedThreadsAreSeenByTheKernel) {
  in_child([] {
    begin([] {}).join();
    if (!comes_true(alone)) return false;
    threads.any_uncounted = true;
    threads.count = &one;
    return alone_only_after_one([](auto body) { return std::thread(body); });
  });
}

/// The first thread may have ended, and others not.
TEST_F(Alone, TheKernelIsNotAskedForEver) {
  in_child([] {
    begin([] {}).join();
    std::binary_semaphore may_end{0};
    std::thread other = begin([&] { may_end.acquire(); });
    threads.count = &one;
    for (int i = 0; i < 1000; ++i)
      if (alone()) return false;
    const unsigned refusals = threads.refusals;
    may_end.release();
    other.join();
    begin([] {}).join();  // it is again
    return refusals < 1000 && comes_true(alone);
  });
}

TEST_F(Alone, NeverKnownWithoutACount) {
  in_child([] {
    begin([] {}).join();
    threads.count = nullptr;
    return !alone();
  });
}

}  // namespace
}  // namespace seqshim
