#include "shim/device/pace.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace seqshim {
namespace {

double seconds(auto action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(Pace, ZeroWaitsForNothing) {
  Pace pace;
  EXPECT_LT(seconds([&] {
              for (int i = 0; i < 1000; ++i) pace.wait(size_t{1} << 30);
            }),
            1);
}

TEST(Pace, EachWaitsForThoseBefore) {
  Pace pace(10'000'000);
  EXPECT_GE(seconds([&] {
              for (int i = 0; i < 5; ++i) pace.wait(500'000);  // the last begins after 0.2 s
            }),
            0.2);
}

TEST(Pace, ThreadsShareIt) {
  Pace pace(10'000'000);
  EXPECT_GE(seconds([&] {
              const auto write = [&pace] {
                for (int i = 0; i < 3; ++i) pace.wait(500'000);
              };
              std::thread other(write);
              write();
              other.join();
            }),
            0.25);
}

TEST(Pace, IdleTimeIsNotMadeUpFor) {
  Pace pace(10'000'000);
  pace.wait(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  pace.wait(1'000'000);
  EXPECT_GE(seconds([&] { pace.wait(1); }), 0.09);
}

}  // namespace
}  // namespace seqshim
