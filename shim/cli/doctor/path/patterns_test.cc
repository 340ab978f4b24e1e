#include "shim/cli/doctor/path/patterns.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

void expect_decision(const std::string& list, const std::string& name, bool managed,
                     const std::string& pattern) {
  const PatternDecision decision = decide_by_patterns(list, name);
  EXPECT_EQ(decision.managed, managed) << list << " " << name;
  EXPECT_EQ(decision.pattern, pattern) << list << " " << name;
}

TEST(PatternDecisionTest, TheLastThatMatchesDecides) {
  expect_decision("*.tar", "/a/b.tar", true, "*.tar");
  expect_decision("*.tar:/a/*", "/a/b.tar", true, "/a/*");
  expect_decision("*.tar:!b*", "/a/b.tar", false, "!b*");
  expect_decision("*.tar:!b*:/a/*", "/a/b.tar", true, "/a/*");
  expect_decision("*.tar:!c*", "/a/b.tar", true, "*.tar");
}

TEST(PatternDecisionTest, NoneMayMatch) {
  expect_decision("*.tar", "/a/b.zip", false, "");
  expect_decision("!*.zip", "/a/b.tar", false, "");
  expect_decision("!*.zip", "/a/b.zip", false, "!*.zip");
  expect_decision("", "/a/b.zip", false, "");
}

TEST(PatternDecisionTest, PatternsAreSplitAtColonsThatAreNotQuoted) {
  EXPECT_EQ(split_patterns("a:b\\:c::!d"), (std::vector<std::string>{"a", "b\\:c", "!d"}));
  EXPECT_EQ(split_patterns("a\\"), (std::vector<std::string>{"a\\"}));
  expect_decision("a\\:b", "/x/a:b", true, "a\\:b");
}

}  // namespace
}  // namespace seqshim
