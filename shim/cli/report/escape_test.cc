#include "shim/cli/report/escape.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

using namespace std::string_literals;

TEST(EscapeTest, OrdinaryTextStays) {
  EXPECT_EQ(escaped(""), "");
  EXPECT_EQ(escaped("/backup/home 2026.tar"), "/backup/home 2026.tar");
  EXPECT_EQ(escaped("\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80"),
            "\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80");
}

TEST(EscapeTest, MarkupIsText) {
  EXPECT_EQ(escaped("<b a='1' c=\"2\">&amp;"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;");
}

TEST(EscapeTest, ControlsAreWrittenOut) {
  EXPECT_EQ(escaped("a\0\n\r\x1b\x7f"s), "a\\x00\\x0a\\x0d\\x1b\\x7f");
  EXPECT_EQ(escaped("\xc2\x9b"), "\\x9b");
}

TEST(EscapeTest, WhatIsNotUtf8IsWrittenOut) {
  EXPECT_EQ(escaped("a\xff\xc3(\xc0\x80"), "a\\xff\\xc3(\\xc0\\x80");
  EXPECT_EQ(escaped("\xe2\x82"), "\\xe2\\x82");
}

TEST(EscapeTest, WhatTurnsTheTextOrHidesIsWrittenOut) {
  EXPECT_EQ(escaped("a\xe2\x80\xaegpj.exe"), "a\\u{202e}gpj.exe");
  EXPECT_EQ(escaped("\xe2\x80\x8b\xef\xbb\xbf"), "\\u{200b}\\u{feff}");
  EXPECT_EQ(escaped("\xef\xbf\xbf"), "\\u{ffff}");
}

}  // namespace
}  // namespace seqshim
