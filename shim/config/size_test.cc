#include "shim/config/size.h"

#include <gtest/gtest.h>

namespace seqshim {
namespace {

constexpr uint64_t kUntouched = 77;

uint64_t parsed(std::string_view text) {
  uint64_t bytes = kUntouched;
  EXPECT_TRUE(parse_size(text, bytes)) << text;
  return bytes;
}

void expect_refused(std::string_view text) {
  uint64_t bytes = kUntouched;
  EXPECT_FALSE(parse_size(text, bytes)) << text;
  EXPECT_EQ(bytes, kUntouched) << text;
}

TEST(SizeTest, PlainDigitsAreBytes) {
  EXPECT_EQ(parsed("0"), 0u);
  EXPECT_EQ(parsed("4096"), 4096u);
  EXPECT_EQ(parsed("007"), 7u);
}

TEST(SizeTest, SuffixesArePowersOf1024) {
  EXPECT_EQ(parsed("3K"), 3072u);
  EXPECT_EQ(parsed("3k"), 3072u);
  EXPECT_EQ(parsed("3KiB"), 3072u);
  EXPECT_EQ(parsed("2M"), 2u << 20);
  EXPECT_EQ(parsed("2m"), 2u << 20);
  EXPECT_EQ(parsed("2MiB"), 2u << 20);
  EXPECT_EQ(parsed("5G"), uint64_t{5} << 30);
  EXPECT_EQ(parsed("5g"), uint64_t{5} << 30);
  EXPECT_EQ(parsed("5GiB"), uint64_t{5} << 30);
}

TEST(SizeTest, AnythingElseIsRefused) {
  for (const char* text : {"", "K", "1KB", "1kib", "1Ki", "1B", "1T", " 1", "1 ", "1 K", "-1", "+1",
                           "1.5M", "0x10", "1K1", "1KK", "1MiBs"}) {
    expect_refused(text);
  }
}

TEST(SizeTest, TheLargestNumberFitsAndOneMoreDoesNot) {
  EXPECT_EQ(parsed("18446744073709551615"), UINT64_MAX);
  expect_refused("18446744073709551616");
  expect_refused("99999999999999999999999999");
}

TEST(SizeTest, ASuffixDoesNotOverflow) {
  EXPECT_EQ(parsed("17179869183G"), uint64_t{17179869183} << 30);
  expect_refused("17179869184G");
}

}  // namespace
}  // namespace seqshim
