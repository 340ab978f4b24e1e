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

/// What pthread_create of the shim does before libc's.
void begin_thread() { threads.begun.fetch_add(1); }

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
    std::binary_semaphore may_end{0};
    begin_thread();
    std::thread other([&] { may_end.acquire(); });
    const bool not_yet = !alone();
    may_end.release();
    other.join();
    return not_yet && comes_true(alone) && !__libc_single_threaded;
  });
}

TEST_F(Alone, AgainWhenTheOtherHasGoneByItself) {
  in_child([] {
    static std::binary_semaphore may_end{0};
    begin_thread();
    std::thread([] { may_end.acquire(); }).detach();
    const bool not_yet = !alone();
    may_end.release();
    return not_yet && comes_true(alone);
  });
}

TEST_F(Alone, NotBesideAThreadThatLibcDoesntKnow) {
  in_child([] {
    begin_thread();
    std::thread([] {}).join();
    if (!comes_true(alone)) return false;
    // As libc's count is before a thread's last instructions.
    static const unsigned kOne = 1;
    std::binary_semaphore may_end{0};
    begin_thread();
    std::thread other([&] { may_end.acquire(); });
    threads.count = &kOne;
    const bool not_yet = !alone();
    may_end.release();
    other.join();
    return not_yet && comes_true(alone);
  });
}

TEST_F(Alone, NeverKnownWithoutACount) {
  in_child([] {
    begin_thread();
    std::thread([] {}).join();
    threads.count = nullptr;
    return !alone();
  });
}

}  // namespace
}  // namespace seqshim
