#include "shim/device/residency.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "shim/device/test_support.h"
#include "shim/device/transfer.h"

namespace seqshim {
namespace {

constexpr int64_t kMiB = 1 << 20;

/// From now on this process has no cachestat(2).
bool forbid_cachestat() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 451, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{4, filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

class ResidencyTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!takes_direct(".")) GTEST_SKIP() << "the page cache is the storage here";
    // In small pieces: pages that came together may stay together.
    const std::string text(4096, 'x');
    for (int64_t offset = 0; offset < 2 * kMiB; offset += 4096)
      ASSERT_EQ(pwrite(file_.fd(), text.data(), text.size(), offset), 4096);
  }

  /// The first MiB is dropped, and the second is not.
  bool tells_them_apart(int fd) {
    const bool before = mostly_resident(fd, 0, kMiB);
    drop_from_cache(file_.fd(), 0, kMiB);
    return before && !mostly_resident(fd, 0, kMiB) && mostly_resident(fd, kMiB, kMiB);
  }

  DiskFile file_;
};

TEST_F(ResidencyTest, TellsWhatIsThere) { EXPECT_TRUE(tells_them_apart(file_.fd())); }

TEST_F(ResidencyTest, DescriptionThatMayOnlyWriteWillDo) {
  const int fd = ::open(file_.path(), O_WRONLY);
  EXPECT_TRUE(tells_them_apart(fd));
  ::close(fd);
}

TEST_F(ResidencyTest, AlsoWithoutCachestat) {
  EXPECT_EXIT(
      {
        const int fd = ::open(file_.path(), O_WRONLY);
        if (!forbid_cachestat()) _exit(0);
        _exit(tells_them_apart(fd) ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(ResidencyTest, RaggedRangeIsJudgedByItsWholePages) {
  drop_from_cache(file_.fd(), 0, kMiB);
  EXPECT_TRUE(mostly_resident(file_.fd(), kMiB - 100, 3 * 4096));
  EXPECT_FALSE(mostly_resident(file_.fd(), kMiB - 3 * 4096 + 1, 3 * 4096));
  EXPECT_FALSE(mostly_resident(file_.fd(), kMiB + 1, 4096));  // no whole page
  EXPECT_FALSE(mostly_resident(file_.fd(), kMiB, 0));
}

TEST_F(ResidencyTest, UnknownIsNotResident) {
  EXPECT_FALSE(mostly_resident(-1, 0, kMiB));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(mostly_resident(ends[1], 0, kMiB));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace seqshim
