#include "shim/guard/lean_copy.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <thread>

#include "shim/system/instrumented.h"
#include "shim/system/single_threaded.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr size_t kLarge = 16 << 20;
constexpr size_t kSmall = 64 << 10;

constexpr size_t kPage = 4096;

/// Memory in use, a mapping of its own: pages that nobody may touch lie around it.
class Memory {
 public:
  explicit Memory(size_t bytes, int flags = MAP_PRIVATE) : bytes_(bytes + 2 * kPage) {
    void* const all = mmap(nullptr, bytes_, PROT_NONE, flags | MAP_ANONYMOUS, -1, 0);
    start_ = static_cast<char*>(all) + kPage;
    mprotect(start_, bytes, PROT_READ | PROT_WRITE);
    std::memset(start_, 'x', bytes);
  }
  ~Memory() { munmap(start_ - kPage, bytes_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  char* start() const { return start_; }

 private:
  const size_t bytes_;
  char* start_;
};

/// Whether a child that is made now has it. The child may lack what libc needs.
bool child_has(const Memory& memory) {
  char* const start = memory.start();
  const long pid = sys::call_with(__NR_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (pid == 0) {
    unsigned char resident;
    const bool mapped = sys::call_with(__NR_mincore, start, kPage, &resident) == 0;
    sys::call_with(__NR_exit_group, mapped ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(static_cast<pid_t>(pid), &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status));
  return WEXITSTATUS(status) == 1;
}

/// What the advice, or a thread, leaves behind stays in a child.
template <class Test>
void in_child(Test test) {
  const pid_t pid = fork();
  if (pid == 0) {
    test();
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
}

class LeanCopyTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kInstrumented) GTEST_SKIP() << "the sanitizer's own memory would be left out";
    if (!__libc_single_threaded) GTEST_SKIP() << "other tests have had threads";
  }

  const Memory large_{kLarge};
  const Memory kept_{kLarge};
  const Memory small_{kSmall};
  const Memory shared_{kLarge, MAP_SHARED};
};

TEST_F(LeanCopyTest, LeavesOutWhatIsLargeAndPrivate) {
  {
    const LeanCopy lean(kept_.start() + kLarge / 2);
    EXPECT_FALSE(child_has(large_));
    EXPECT_TRUE(child_has(kept_));
    EXPECT_TRUE(child_has(small_));
    EXPECT_TRUE(child_has(shared_));
  }
  EXPECT_TRUE(child_has(large_));
}

TEST_F(LeanCopyTest, TheProgramKeepsAllOfIt) {
  const LeanCopy lean(nullptr);
  std::memset(large_.start(), 'y', kLarge);
  EXPECT_EQ(large_.start()[kLarge - 1], 'y');
}

TEST_F(LeanCopyTest, NothingInAProgramWithThreads) {
  in_child([this] {
    std::thread([] {}).join();
    const LeanCopy lean(nullptr);
    EXPECT_TRUE(child_has(large_));
  });
}

TEST_F(LeanCopyTest, NothingInAProgramThatAdvisesItself) {
  in_child([this] {
    note_advice(MADV_DONTNEED);
    {
      const LeanCopy lean(nullptr);
      EXPECT_FALSE(child_has(large_));
    }
    note_advice(MADV_DONTFORK);
    const LeanCopy lean(nullptr);
    EXPECT_TRUE(child_has(large_));
  });
}

}  // namespace
}  // namespace seqshim
