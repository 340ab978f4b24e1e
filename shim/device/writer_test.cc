#include "shim/device/writer.h"

#include <dirent.h>
#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <thread>

#include "shim/device/test_support.h"
#include "shim/system/single_threaded.h"

namespace seqshim {
namespace {

int threads_of_process() {
  DIR* const directory = opendir("/proc/self/task");
  int count = 0;
  while (const dirent* const entry = readdir(directory)) count += entry->d_name[0] != '.';
  closedir(directory);
  return count;
}

/// As every caller in the shim: the thread inherits that no signal reaches it.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

class WriterTest : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "instrumented code can't run in a thread that libc doesn't know of";
#endif
    base_ = threads_of_process();
  }
  void TearDown() override { writer_.stop(); }

  void describe(Transfer& transfer, int64_t offset, const std::string& text) {
    transfer.file = file_.id();
    transfer.plain = file_.fd();
    transfer.direct = -1;
    transfer.rung = Rung::kDirect;
    transfer.unit = 4096;
    transfer.offset = offset;
    transfer.data = reinterpret_cast<const std::byte*>(text.data());
    transfer.bytes = text.size();
  }

  const SignalsBlocked blocked_;
  DiskFile file_;
  Writer writer_;
  int base_ = 0;
};

TEST_F(WriterTest, WritesWhatIsSubmitted) {
  const std::string text(100000, 'a');
  Transfer transfer{};
  describe(transfer, 0, text);
  writer_.submit(transfer);
  Writer::wait(transfer);
  EXPECT_TRUE(Writer::done(transfer));
  EXPECT_EQ(transfer.written, text.size());
  EXPECT_TRUE(file_.contents() == text);
}

TEST_F(WriterTest, KeepsTheOrder) {
  constexpr int kCount = 1000;
  // All on the same place: the last one is what stays.
  std::vector<std::string> texts;
  for (int i = 0; i < kCount; ++i) texts.push_back("transfer " + std::to_string(1000 + i));
  const auto transfers = std::make_unique<Transfer[]>(kCount);
  for (int i = 0; i < kCount; ++i) {
    describe(transfers[i], 0, texts[i]);
    writer_.submit(transfers[i]);
  }
  Writer::wait(transfers[kCount - 1]);
  for (int i = 0; i < kCount; ++i) EXPECT_TRUE(Writer::done(transfers[i]));
  EXPECT_EQ(file_.contents(), texts.back());
}

TEST_F(WriterTest, EachTransferCanBeWaitedForAndUsedAgain) {
  const std::string text(5000, 'x');
  Transfer transfer{};
  for (int i = 0; i < 2000; ++i) {
    describe(transfer, 5000 * i, text);
    writer_.submit(transfer);
    Writer::wait(transfer);
    ASSERT_EQ(transfer.written, text.size());
  }
  EXPECT_EQ(file_.contents().size(), 5000u * 2000);
}

TEST_F(WriterTest, ErrorsAreTheTransfersOwn) {
  const std::string text(5000, 'x');
  Transfer bad{}, good{};
  describe(bad, 0, text);
  bad.plain = -1;
  describe(good, 0, text);
  writer_.submit(bad);
  writer_.submit(good);
  Writer::wait(good);
  Writer::wait(bad);
  EXPECT_EQ(bad.error, EBADF);
  EXPECT_EQ(good.error, 0);
}

TEST_F(WriterTest, SeveralThreadsSubmit) {
  constexpr int kThreads = 4, kEach = 500;
  const std::string text(1000, 'm');
  const auto transfers = std::make_unique<Transfer[]>(kThreads * kEach);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) {
        Transfer& transfer = transfers[i * kEach + j];
        describe(transfer, 1000 * (i * kEach + j), text);
        writer_.submit(transfer);
        if (j % 7 == 0) Writer::wait(transfer);
      }
      for (int j = 0; j < kEach; ++j) Writer::wait(transfers[i * kEach + j]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(file_.contents() == std::string(1000 * kThreads * kEach, 'm'));
}

TEST_F(WriterTest, ThreadGoesAwayWhenItHasNothingToDo) {
  const std::string text(1000, 'x');
  Transfer transfer{};
  describe(transfer, 0, text);
  writer_.submit(transfer);
  Writer::wait(transfer);
  for (int i = 0; i < 500 && threads_of_process() > base_; ++i) usleep(10'000);
  EXPECT_EQ(threads_of_process(), base_);
}

TEST_F(WriterTest, ThreadComesBackAfterItWentAway) {
  const std::string text(1000, 'x');
  Transfer transfer{};
  for (int round = 0; round < 3; ++round) {
    describe(transfer, 1000 * round, text);
    writer_.submit(transfer);
    Writer::wait(transfer);
    usleep(100'000);
  }
  EXPECT_EQ(file_.contents().size(), 3000u);
}

TEST_F(WriterTest, StopEndsTheThreadAfterItsQueue) {
  constexpr int kCount = 200;
  const std::string text(10000, 'x');
  const auto transfers = std::make_unique<Transfer[]>(kCount);
  for (int i = 0; i < kCount; ++i) {
    describe(transfers[i], 10000 * i, text);
    writer_.submit(transfers[i]);
  }
  writer_.stop();
  for (int i = 0; i < kCount; ++i) EXPECT_TRUE(Writer::done(transfers[i]));
  // The kernel takes the thread off the list a moment after it has let go of the stack.
  for (int i = 0; i < 100 && threads_of_process() > base_; ++i) usleep(1'000);
  EXPECT_EQ(threads_of_process(), base_);
}

TEST_F(WriterTest, StopTwiceAndBeforeAnyStart) {
  writer_.stop();
  const std::string text(10, 'x');
  Transfer transfer{};
  describe(transfer, 0, text);
  writer_.submit(transfer);
  writer_.stop();
  writer_.stop();
  EXPECT_TRUE(Writer::done(transfer));
}

TEST_F(WriterTest, StopAndStartAtOnce) {
  const std::string text(100, 'x');
  Transfer transfer{};
  for (int i = 0; i < 500; ++i) {
    describe(transfer, 100 * i, text);
    writer_.submit(transfer);
    writer_.stop();
    ASSERT_TRUE(Writer::done(transfer));
  }
  EXPECT_EQ(file_.contents().size(), 50000u);
}

// In a process of its own: other tests start threads.
TEST_F(WriterTest, LibcStillThinksOfOneThread) {
  EXPECT_EXIT(
      {
        const bool before = __libc_single_threaded;
        const std::string text(1000, 'x');
        Transfer transfer{};
        describe(transfer, 0, text);
        writer_.submit(transfer);
        Writer::wait(transfer);
        _exit(before == static_cast<bool>(__libc_single_threaded) ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace seqshim
