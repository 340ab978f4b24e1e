#include "shim/device/transfer.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <optional>

#include "shim/device/test_support.h"

namespace seqshim {
namespace {

constexpr uint32_t kUnit = 4096;

/// One transfer into a file of its own, on a disk.
class TransferTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!takes_direct(".")) GTEST_SKIP() << "no O_DIRECT here";
    direct_ = ::open(file_.path(), O_WRONLY | O_DIRECT);
    ASSERT_GE(direct_, 0);
    transfer_.file = file_.id();
    transfer_.plain = file_.fd();
    transfer_.direct = direct_;
    transfer_.rung = Rung::kDirect;
    transfer_.unit = kUnit;
  }
  void TearDown() override {
    if (direct_ >= 0) ::close(direct_);
  }

  void write(int64_t offset, size_t bytes) {
    bytes_.emplace(offset, bytes);
    transfer_.offset = offset;
    transfer_.data = bytes_->data();
    transfer_.bytes = bytes;
    carry_out(transfer_);
  }

  /// The whole transfer, and nothing else, is in the file.
  void expect_written() {
    EXPECT_EQ(transfer_.error, 0);
    EXPECT_EQ(transfer_.written, transfer_.bytes);
    const std::string before(static_cast<size_t>(transfer_.offset), '\0');
    EXPECT_TRUE(file_.contents() == before + bytes_->text());
  }

  DiskFile file_;
  int direct_ = -1;
  std::optional<AlignedBytes> bytes_;
  Transfer transfer_{};
};

TEST_F(TransferTest, AlignedRegionGoesDirectAsOneWrite) {
  write(0, 1 << 20);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, size_t{1} << 20);
  EXPECT_EQ(transfer_.direct_writes, 1u);
}

TEST_F(TransferTest, ExactlyOneUnitGoesDirect) {
  write(kUnit, kUnit);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, kUnit);
}

TEST_F(TransferTest, TailBelowAUnitGoesBuffered) {
  write(0, 3 * kUnit + 100);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 3 * kUnit);
}

TEST_F(TransferTest, HeadUpToTheNextUnitGoesBuffered) {
  write(1000, 3 * kUnit - 1000);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 2 * kUnit);
}

TEST_F(TransferTest, HeadMiddleAndTail) {
  write(kUnit + 1, 5 * kUnit);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 4 * kUnit);
  EXPECT_EQ(transfer_.direct_writes, 1u);
  EXPECT_EQ(transfer_.direct_error, 0);
}

TEST_F(TransferTest, NoWholeUnitInsideGoesBuffered) {
  write(1, 2 * kUnit - 2);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 0u);
}

TEST_F(TransferTest, TinyOneGoesBuffered) {
  write(kUnit - 1, 1);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 0u);
}

TEST_F(TransferTest, MiddleShorterThanLeastDirectGoesBuffered) {
  transfer_.least_direct = 4 * kUnit;
  write(10, 4 * kUnit);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 0u);
}

TEST_F(TransferTest, MiddleAsLongAsLeastDirectGoesDirect) {
  transfer_.least_direct = 4 * kUnit;
  write(10, 5 * kUnit);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 4 * kUnit);
}

TEST_F(TransferTest, WiderUnitMovesTheEdges) {
  transfer_.unit = 4 * kUnit;
  write(kUnit, 9 * kUnit);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 4 * kUnit);
}

TEST_F(TransferTest, WithoutDirectDescriptorAllGoesBuffered) {
  transfer_.direct = -1;
  write(0, 1 << 20);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 0u);
  EXPECT_EQ(transfer_.direct_error, 0);
}

TEST_F(TransferTest, WhatTheDirectDescriptorRefusesGoesBuffered) {
  ::close(direct_);
  direct_ = ::open(file_.path(), O_RDONLY | O_DIRECT);
  transfer_.direct = direct_;
  write(100, 1 << 20);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 0u);
  EXPECT_EQ(transfer_.direct_error, EBADF);
}

TEST_F(TransferTest, WrongAddressIsRefusedAndGoesBuffered) {
  bytes_.emplace(1, 1 << 20);
  transfer_.offset = 0;
  transfer_.data = bytes_->data();
  transfer_.bytes = 1 << 20;
  carry_out(transfer_);
  if (transfer_.direct_error == 0) GTEST_SKIP() << "this file system takes any address";
  expect_written();
  EXPECT_EQ(transfer_.direct_error, EINVAL);
}

TEST_F(TransferTest, ReadOnlyPlainDescriptorIsAnError) {
  const int read_only = ::open(file_.path(), O_RDONLY);
  transfer_.plain = read_only;
  transfer_.direct = -1;
  write(0, 5000);
  ::close(read_only);
  EXPECT_EQ(transfer_.error, EBADF);
  EXPECT_EQ(transfer_.written, 0u);
}

TEST_F(TransferTest, ErrorInTheHeadKeepsTheRestOut) {
  const int read_only = ::open(file_.path(), O_RDONLY);
  transfer_.plain = read_only;
  write(100, 1 << 20);
  ::close(read_only);
  EXPECT_EQ(transfer_.error, EBADF);
  EXPECT_EQ(transfer_.written, 0u);
  EXPECT_TRUE(file_.contents().empty());
}

TEST_F(TransferTest, ErrorInTheTailSaysHowFarItCame) {
  const int read_only = ::open(file_.path(), O_RDONLY);
  transfer_.plain = read_only;
  write(0, 3 * kUnit + 5);
  ::close(read_only);
  EXPECT_EQ(transfer_.error, EBADF);
  EXPECT_EQ(transfer_.written, 3 * kUnit);
  EXPECT_EQ(transfer_.direct_bytes, 3 * kUnit);
}

/// While it lives, files can't grow beyond `bytes`, and exceeding that is an error.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  sighandler_t handler_;
};

TEST_F(TransferTest, ShortDirectWriteInsideAUnitIsCompletedAsFarAsItGoes) {
  {
    const FileSizeLimit limit(10 * kUnit + 100);
    write(0, 1 << 20);
  }
  EXPECT_EQ(transfer_.error, EFBIG);
  EXPECT_EQ(transfer_.written, 10 * kUnit + 100);
  EXPECT_TRUE(file_.contents() == bytes_->text().substr(0, 10 * kUnit + 100));
}

TEST_F(TransferTest, ShortBufferedWriteIsContinuedUntilTheError) {
  transfer_.direct = -1;
  {
    const FileSizeLimit limit(777);
    write(10, 1 << 20);
  }
  EXPECT_EQ(transfer_.error, EFBIG);
  EXPECT_EQ(transfer_.written, 767u);
}

TEST_F(TransferTest, DontCacheRungStepsDownWhereTheKernelLacksIt) {
  transfer_.direct = -1;
  transfer_.rung = Rung::kDontCache;
  write(100, 1 << 20);
  expect_written();
  EXPECT_TRUE(transfer_.rung == Rung::kDontCache || transfer_.rung == Rung::kDropBehind);
}

TEST_F(TransferTest, DropBehindRungWrites) {
  transfer_.direct = -1;
  transfer_.rung = Rung::kDropBehind;
  write(100, 1 << 20);
  expect_written();
  EXPECT_EQ(transfer_.rung, Rung::kDropBehind);
}

TEST_F(TransferTest, NothingIsWrittenToANumberThatIsAnotherFilesByNow) {
  const DiskFile other;
  ASSERT_EQ(::dup2(other.fd(), direct_), direct_);
  write(0, 4 * kUnit + 1);
  expect_written();
  EXPECT_EQ(transfer_.direct_bytes, 0u);
  EXPECT_EQ(other.contents(), "");
  transfer_.plain = other.fd();
  write(0, 4 * kUnit + 1);
  EXPECT_EQ(transfer_.error, EBADF);
  EXPECT_EQ(transfer_.written, 0u);
  EXPECT_EQ(other.contents(), "");
}

TEST_F(TransferTest, ResultsOfAnEarlierUseAreForgotten) {
  transfer_.error = transfer_.direct_error = EIO;
  transfer_.written = transfer_.direct_bytes = 4711;
  transfer_.direct_writes = 3;
  write(0, kUnit + 1);
  expect_written();
  EXPECT_EQ(transfer_.direct_error, 0);
  EXPECT_EQ(transfer_.direct_bytes, kUnit);
  EXPECT_EQ(transfer_.direct_writes, 1u);
}

/// Two halves of one region, as two clusters would be.
class TogetherTest : public TransferTest {
 protected:
  void prepare(size_t first, size_t second) {
    bytes_.emplace(0, first + second);
    transfer_.offset = 0;
    transfer_.data = bytes_->data();
    transfer_.bytes = first;
    next_.file = transfer_.file;
    next_.plain = transfer_.plain;
    next_.direct = transfer_.direct;
    next_.rung = transfer_.rung;
    next_.unit = transfer_.unit;
    next_.offset = static_cast<int64_t>(first);
    next_.data = bytes_->data() + first;
    next_.bytes = second;
  }
  void write_both() {
    Transfer* const both[] = {&transfer_, &next_};
    carry_out(both, 2);
    EXPECT_EQ(transfer_.error, 0);
    EXPECT_EQ(next_.error, 0);
    EXPECT_TRUE(file_.contents() == bytes_->text());
  }

  Transfer next_{};
};

TEST_F(TogetherTest, AdjacentWholeRegionsAreOneWrite) {
  prepare(4 * kUnit, 2 * kUnit);
  EXPECT_TRUE(continues(transfer_, next_));
  write_both();
  EXPECT_EQ(transfer_.direct_writes + next_.direct_writes, 1u);
  EXPECT_EQ(transfer_.direct_call_bytes, 6 * kUnit);
  EXPECT_EQ(transfer_.direct_bytes, 4 * kUnit);
  EXPECT_EQ(next_.direct_bytes, 2 * kUnit);
}

TEST_F(TogetherTest, NothingIsWrittenToANumberThatIsAnotherFilesByNow) {
  const DiskFile other;
  ASSERT_EQ(::dup2(other.fd(), direct_), direct_);
  prepare(4 * kUnit, 2 * kUnit);
  write_both();
  EXPECT_EQ(transfer_.direct_bytes + next_.direct_bytes, 0u);
  EXPECT_EQ(other.contents(), "");
}

TEST_F(TogetherTest, RaggedEndOrGapOrOtherFileDoesNotContinue) {
  prepare(4 * kUnit, 2 * kUnit);
  next_.bytes -= 1;
  EXPECT_FALSE(continues(transfer_, next_));
  next_.bytes += 1;
  next_.offset += kUnit;
  EXPECT_FALSE(continues(transfer_, next_));
  next_.offset -= kUnit;
  next_.direct = transfer_.direct + 1;
  EXPECT_FALSE(continues(transfer_, next_));
}

TEST_F(TogetherTest, WhatIsToBeAloneContinuesNothing) {
  prepare(4 * kUnit, 2 * kUnit);
  next_.alone = true;
  EXPECT_FALSE(continues(transfer_, next_));
  transfer_.alone = true;
  EXPECT_FALSE(continues(transfer_, next_));
}

TEST_F(TogetherTest, WhatIsRefusedTogetherGoesOneByOne) {
  ::close(direct_);
  direct_ = ::open(file_.path(), O_RDONLY | O_DIRECT);
  transfer_.direct = direct_;
  prepare(4 * kUnit, 2 * kUnit);
  write_both();
  EXPECT_EQ(transfer_.direct_bytes + next_.direct_bytes, 0u);
  EXPECT_NE(transfer_.direct_error, 0);
}

TEST_F(TogetherTest, NothingLandsBehindAnAcceptedByteThatIsRefused) {
  std::atomic<int> refusal{0};
  prepare(4 * kUnit, 2 * kUnit);
  transfer_.refusal = next_.refusal = &refusal;
  ::close(direct_);
  direct_ = ::open("/dev/full", O_WRONLY);
  transfer_.direct = direct_;
  const int full = ::open("/dev/full", O_WRONLY);
  transfer_.plain = full;
  struct stat facts {};
  ASSERT_EQ(fstat(full, &facts), 0);
  transfer_.file = next_.file = id_of(facts);
  Transfer* const both[] = {&transfer_, &next_};
  carry_out(both, 2);
  ::close(full);
  EXPECT_EQ(transfer_.error, ENOSPC);
  EXPECT_EQ(next_.error, ENOSPC);
  EXPECT_EQ(next_.written, 0u);
  EXPECT_TRUE(file_.contents().empty());
  EXPECT_EQ(refusal.load(), ENOSPC);
}

TEST_F(TransferTest, AcceptedBytesAreNotBoundByALimitThatCameLater) {
  std::atomic<int> refusal{0};
  transfer_.refusal = &refusal;
  rlimit within{};
  {
    const FileSizeLimit limit(777);
    write(10, 1 << 20);
    getrlimit(RLIMIT_FSIZE, &within);
  }
  expect_written();
  EXPECT_EQ(within.rlim_cur, 777u);
}

TEST_F(TogetherTest, BehindOneThatWasRefusedNoneBegins) {
  std::atomic<int> refusal{0};
  transfer_.refusal = next_.refusal = &refusal;
  prepare(4 * kUnit, 2 * kUnit);
  const int read_only = ::open(file_.path(), O_RDONLY);
  transfer_.plain = transfer_.direct = read_only;
  carry_out(transfer_);
  ::close(read_only);
  EXPECT_EQ(transfer_.error, EBADF);
  carry_out(next_);
  EXPECT_EQ(next_.error, EBADF);
  EXPECT_EQ(next_.written, 0u);
  transfer_.plain = next_.plain;
  transfer_.direct = next_.direct;
  Transfer* const both[] = {&transfer_, &next_};
  carry_out(both, 2);
  EXPECT_EQ(transfer_.written + next_.written, 0u);
  EXPECT_TRUE(file_.contents().empty());
  refusal = 0;
  write_both();
}

TEST_F(TogetherTest, OneThatWasWrittenStopsNobody) {
  std::atomic<int> refusal{0};
  transfer_.refusal = next_.refusal = &refusal;
  prepare(4 * kUnit, 2 * kUnit);
  carry_out(transfer_);
  carry_out(next_);
  EXPECT_EQ(refusal, 0);
  EXPECT_TRUE(file_.contents() == bytes_->text());
}

TEST_F(TransferTest, NothingToWrite) {
  write(100, 0);
  EXPECT_EQ(transfer_.error, 0);
  EXPECT_TRUE(file_.contents().empty());
}

}  // namespace
}  // namespace seqshim
