#include "shim/config/text.h"

#include <gtest/gtest.h>

#include <string>

namespace seqshim {
namespace {

template <class Appender>
std::string built(Appender appender) {
  TextBuilder builder;
  appender(builder);
  return std::string(builder.text());
}

std::string json(std::string_view text) {
  return built([&](TextBuilder& b) { b.json_string(text); });
}

std::string size(uint64_t bytes) {
  return built([&](TextBuilder& b) { b.size(bytes); });
}

TEST(TextBuilderTest, AppendsInOrder) {
  EXPECT_EQ(built([](TextBuilder& b) { b.append("ab").append('c').fill('-', 2); }), "abc--");
  EXPECT_EQ(built([](TextBuilder&) {}), "");
}

TEST(TextBuilderTest, Numbers) {
  EXPECT_EQ(built([](TextBuilder& b) { b.number(0).append(' ').number(UINT64_MAX); }),
            "0 18446744073709551615");
  EXPECT_EQ(built([](TextBuilder& b) { b.zero_padded(7, 3).append(' ').zero_padded(1234, 3); }),
            "007 1234");
  EXPECT_EQ(built([](TextBuilder& b) { b.hex(0xabc, 2).append(' ').hex(0x1f, 4); }), "bc 001f");
  EXPECT_EQ(built([](TextBuilder& b) { b.hex(UINT64_MAX, 17); }), "0ffffffffffffffff");
  EXPECT_EQ(built([](TextBuilder& b) { b.fraction(1999, 1000, 2).append(' ').fraction(7, 2, 0); }),
            "1.99 3");
}

TEST(TextBuilderTest, SizesHaveThreeDigitsOrSo) {
  EXPECT_EQ(size(0), "0");
  EXPECT_EQ(size(1023), "1023");
  EXPECT_EQ(size(1024), "1.00K");
  EXPECT_EQ(size(10240), "10.0K");
  EXPECT_EQ(size(1 << 20), "1.00M");
  EXPECT_EQ(size((1 << 20) - 1), "1023K");
  EXPECT_EQ(size(uint64_t{3} << 40), "3.00T");
  EXPECT_EQ(size(UINT64_MAX), "15.9E");
}

TEST(TextBuilderTest, Columns) {
  EXPECT_EQ(built([](TextBuilder& b) {
              size_t start = b.length();
              b.append("12").align_right(start, 5).append('|');
              start = b.length();
              b.append("ab").align_left(start, 4).append('|');
              start = b.length();
              b.append("too long").align_right(start, 3);
            }),
            "   12|ab  |too long");
}

TEST(TextBuilderTest, GrowsToMegabytes) {
  TextBuilder builder;
  std::string expected;
  for (int i = 0; i < 300000; ++i) {
    builder.append("0123456789");
    expected += "0123456789";
  }
  EXPECT_FALSE(builder.truncated());
  EXPECT_EQ(builder.text(), expected);
}

TEST(TextBuilderTest, AFullArrayCutsAndStaysCut) {
  char buffer[6] = "-----";
  TextBuilder builder(buffer, 4);
  builder.append("abc").append("def").append("g");
  EXPECT_TRUE(builder.truncated());
  EXPECT_EQ(builder.text(), "abcd");
  EXPECT_EQ(buffer[4], '-');
  builder.clear();
  EXPECT_EQ(builder.append("xy").text(), "xy");
  EXPECT_FALSE(builder.truncated());
}

TEST(TextBuilderTest, AlignmentInAFullArrayStaysInside) {
  char buffer[4];
  TextBuilder builder(buffer, sizeof buffer);
  builder.append("ab").align_right(0, 9);
  EXPECT_TRUE(builder.truncated());
  EXPECT_EQ(builder.text().size(), 4u);
}

TEST(TextBuilderTest, ReleasedTextOutlivesTheBuilder) {
  std::string_view kept;
  {
    TextBuilder builder;
    kept = builder.append("kept").release();
    EXPECT_EQ(builder.append("new").text(), "new");
  }
  EXPECT_EQ(kept, "kept");
}

TEST(JsonStringTest, QuotesAndControls) {
  EXPECT_EQ(json(""), "\"\"");
  EXPECT_EQ(json("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json("\n\x01\x7f"), R"("\u000a\u0001\u007f")");
  EXPECT_EQ(json(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(JsonStringTest, ValidUtf8Stays) {
  for (const char* text : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\xa7", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(json(text), '"' + std::string(text) + '"');
  }
}

TEST(JsonStringTest, BytesThatAreNoUtf8AreEscaped) {
  EXPECT_EQ(json("\xff"), R"("\u00ff")");
  EXPECT_EQ(json("\xc3"), R"("\u00c3")");
  EXPECT_EQ(json("\xc0\xaf"), R"("\u00c0\u00af")");
  EXPECT_EQ(json("\xed\xa0\x80"), R"("\u00ed\u00a0\u0080")");
  EXPECT_EQ(json("\xf5\x80\x80\x80"), R"("\u00f5\u0080\u0080\u0080")");
  EXPECT_EQ(json("\xe2\x82q"), R"("\u00e2\u0082q")");
}

TEST(PrintableTest, ControlsAndBrokenBytesBecomeQuestionMarks) {
  EXPECT_EQ(built([](TextBuilder& b) { b.printable("a\n\x1b[m\x7f\xff\xc2\x9b\xc3\xa9"); }),
            "a??[m???\xc3\xa9");
}

}  // namespace
}  // namespace seqshim
