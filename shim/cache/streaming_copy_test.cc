#include "seqshim/streaming_copy.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace seqshim {
namespace {

TEST(StreamingCopy, EveryByteAndNoOther) {
  std::vector<uint8_t> source(1000), target(1200);
  for (size_t i = 0; i < source.size(); ++i) source[i] = static_cast<uint8_t>(i * 7 + 1);
  for (const size_t bytes : {0, 1, 15, 63, 64, 65, 127, 128, 500, 900}) {
    for (size_t from = 0; from < 70; from += 3) {
      for (size_t to = 1; to < 130; to += 7) {
        target.assign(target.size(), 0);
        copy_streaming(target.data() + to, source.data() + from, bytes);
        ASSERT_TRUE(
            std::equal(source.begin() + from, source.begin() + from + bytes, target.begin() + to));
        ASSERT_EQ(target[to - 1], 0);
        ASSERT_EQ(target[to + bytes], 0);
      }
    }
  }
}

}  // namespace
}  // namespace seqshim
