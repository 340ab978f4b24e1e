#include "shim/report/append.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

TEST(AppendTest, CreatesAPrivateFileAndAppends) {
  const TemporaryDirectory dir;
  const std::string path = dir / "log";
  append_to_file(path.c_str(), "one\n");
  append_to_file(path.c_str(), "two\n");
  EXPECT_EQ(contents(path), "one\ntwo\n");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(AppendTest, DoesNotFollowALink) {
  const TemporaryDirectory dir;
  std::filesystem::create_symlink(dir / "target", dir / "link");
  append_to_file((dir / "link").c_str(), "x");
  EXPECT_FALSE(std::filesystem::exists(dir / "target"));
}

TEST(AppendTest, AMissingDirectoryIsNoTrouble) { append_to_file("/no/such/directory/file", "x"); }

TEST(AppendTest, AFifoThatNobodyReadsDoesNotBlock) {
  const TemporaryDirectory dir;
  ASSERT_EQ(mkfifo((dir / "fifo").c_str(), 0600), 0);
  append_to_file((dir / "fifo").c_str(), "x");
}

TEST(AppendTest, LeavesNoDescriptor) {
  const TemporaryDirectory dir;
  const int before = dup(0);
  close(before);
  append_to_file((dir / "f").c_str(), "x");
  const int after = dup(0);
  close(after);
  EXPECT_EQ(before, after);
}

TEST(WriteQuietlyTest, AClosedPipeRaisesNothing) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  write_quietly(ends[1], "x");  // SIGPIPE would end the test
  close(ends[1]);
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST(WriteQuietlyTest, AFileSizeLimitRaisesNothing) {
  const TemporaryDirectory dir;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &none);
  append_to_file((dir / "f").c_str(), "x");  // SIGXFSZ would end the test
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(contents(dir / "f"), "");
}

TEST(WriteQuietlyTest, ASignalThatWasPendingStaysPending) {
  sigset_t pipe_signal, before, pending;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  raise(SIGPIPE);
  write_quietly(-1, "x");
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 1);
  int received = 0;
  sigwait(&pipe_signal, &received);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(WriteQuietlyTest, TheSignalMaskIsAsBefore) {
  sigset_t before, after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  write_quietly(-1, "x");
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int signal = 1; signal < 65; ++signal) {
    EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
  }
}

}  // namespace
}  // namespace seqshim
