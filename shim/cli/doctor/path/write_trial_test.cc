#include "shim/cli/doctor/path/write_trial.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "shim/device/test_support.h"
#include "shim/report/test_support.h"

namespace seqshim {
namespace {

constexpr size_t kPiece = size_t{1} << 20;
constexpr uint64_t kMuch = uint64_t{1} << 40;

TEST(WriteTrialTest, OnADiskItGoesDirect) {
  if (!takes_direct(".")) GTEST_SKIP() << "no O_DIRECT here";
  const TemporaryDirectory directory(".");
  const WriteTrial trial = try_to_write({directory / "", kPiece, 0, kMuch});
  EXPECT_NE(trial.file, WriteTrial::File::kNone);
  EXPECT_EQ(trial.rung, Rung::kDirect);
  EXPECT_EQ(trial.direct_bytes, kPiece);
  EXPECT_LE(trial.pages_left, 0);
  EXPECT_GE(trial.unit, 4096u);
  EXPECT_EQ(trial.write_error, 0);
  EXPECT_TRUE(trial.space_granted);
  EXPECT_FALSE(trial.space_reserved);
  EXPECT_TRUE(std::filesystem::is_empty(directory / ""));
}

TEST(WriteTrialTest, InMemoryNothingIsWritten) {
  if (access("/dev/shm", W_OK) != 0) GTEST_SKIP() << "no /dev/shm";
  const WriteTrial trial = try_to_write({"/dev/shm", kPiece, 0, kMuch});
  EXPECT_EQ(trial.rung, Rung::kPlain);
  EXPECT_EQ(trial.direct_bytes, 0u);
}

TEST(WriteTrialTest, AFullDiskIsLeftAlone) {
  const WriteTrial trial = try_to_write({".", kPiece, 0, kEnoughForATrial - 1});
  EXPECT_TRUE(trial.too_full);
  EXPECT_EQ(trial.direct_bytes, 0u);
}

TEST(WriteTrialTest, WithoutADirectoryThereIsNoFile) {
  TemporaryDirectory directory;
  const WriteTrial trial = try_to_write({directory / "no", kPiece, 0, kMuch});
  EXPECT_EQ(trial.file, WriteTrial::File::kNone);
  EXPECT_EQ(trial.make_error, ENOENT);
  EXPECT_EQ(trial.rung, Rung::kUndecided);
}

}  // namespace
}  // namespace seqshim
