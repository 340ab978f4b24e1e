#include "shim/report/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <string>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

TEST(LogTest, OneLineWithTimeProcessAndParts) {
  const TemporaryDirectory dir;
  const std::string path = dir / "log";
  const time_t before = time(nullptr);
  log_event(path.c_str(), "hand-back", "/a/b c", "mapped");
  const time_t after = time(nullptr);
  const std::string line = contents(path);
  EXPECT_TRUE(has_regex(line, "^[-0-9]{10}T[:0-9]{8}[.][0-9]{3}Z " + std::to_string(getpid()) +
                                  " hand-back /a/b c mapped\n$"))
      << line;
  tm calendar{};
  ASSERT_NE(strptime(line.c_str(), "%Y-%m-%dT%H:%M:%S", &calendar), nullptr);
  EXPECT_GE(timegm(&calendar), before);
  EXPECT_LE(timegm(&calendar), after);
}

TEST(LogTest, EventsFollowEachOther) {
  const TemporaryDirectory dir;
  const std::string path = dir / "log";
  log_event(path.c_str(), "a", "", "");
  log_event(path.c_str(), "b", "", "");
  const std::string text = contents(path);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(LogTest, NamesCannotBreakTheLine) {
  const TemporaryDirectory dir;
  const std::string path = dir / "log";
  log_event(path.c_str(), "e", "/a\nb", "d");
  EXPECT_NE(contents(path).find(" e /a?b d\n"), std::string::npos);
}

TEST(LogTest, AnotherProcessMayBeMeant) {
  const TemporaryDirectory dir;
  const std::string path = dir / "log";
  log_event(path.c_str(), "e", "/f", "d", 12345);
  EXPECT_NE(contents(path).find("Z 12345 e /f d\n"), std::string::npos);
}

TEST(LogTest, WithoutALogNothingHappens) { log_event(nullptr, "e", "f", "d"); }

}  // namespace
}  // namespace seqshim
