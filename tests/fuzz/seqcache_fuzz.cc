// Drives SeqCache and its model (tests/support/seqcache_model.h) by the fuzzer's bytes:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I. -Iinclude \
//       tests/fuzz/seqcache_fuzz.cc shim/cache/seqcache.cc shim/cache/heap_clusters.cc
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "tests/support/seqcache_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  seqshim::testing::ByteDraws draws(data, size);
  // The smallest size: every bound comes up soonest there, and more inputs fit in a second.
  seqshim::testing::SeqCacheModelRun run(draws, seqshim::kMinClusterSize, 20);
  const std::string failure = run.run(std::numeric_limits<uint64_t>::max());
  if (!failure.empty()) {
    std::fprintf(stderr, "%s\n", failure.c_str());
    std::abort();
  }
  return 0;
}
