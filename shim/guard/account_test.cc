#include "shim/guard/account.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "shim/device/test_support.h"
#include "shim/report/test_support.h"

namespace seqshim {
namespace {

std::string logged(const Recovery& outcome) {
  const TemporaryDirectory dir;
  log_outcome((dir / "log").c_str(), 4711, outcome);
  return contents(dir / "log");
}

std::string name_of(const DiskFile& file) { return std::filesystem::canonical(file.path()); }

TEST(AccountTest, ALineForWhatWasWrittenAndOneForWhatWasLost) {
  const DiskFile file;
  Recovery outcome{};
  outcome.files[0] = {.written = {300, 2}, .lost = {}, .error = 0, .fd = file.fd()};
  outcome.files[1] = {.written = {10, 1}, .lost = {4000, 3}, .error = ENOSPC, .fd = file.fd()};
  outcome.count = 2;
  const std::string start = "[^ ]*Z 4711 ", name = name_of(file);
  EXPECT_TRUE(has_regex(logged(outcome),
                        "^" + start + "recovered " + name + " bytes 300, clusters 2\n" +  //
                            start + "recovered " + name + " bytes 10, clusters 1\n" +     //
                            start + "lost " + name + " bytes 4000, clusters 3, error 28\n$"))
      << logged(outcome);
}

TEST(AccountTest, WithoutADescriptorThereIsNoName) {
  Recovery outcome{};
  outcome.files[0] = {.written = {}, .lost = {5, 1}, .error = EBADF, .fd = -1};
  outcome.count = 1;
  EXPECT_TRUE(has_regex(logged(outcome), "^[^ ]*Z 4711 lost bytes 5, clusters 1, error 9\n$"))
      << logged(outcome);
}

TEST(AccountTest, OfNothingNothingIsTold) {
  EXPECT_EQ(logged(Recovery{}), "");
  log_outcome(nullptr, 4711, Recovery{});
}

}  // namespace
}  // namespace seqshim
