#include "shim/cli/profile/call_sites.h"

#include <gtest/gtest.h>

namespace seqshim::profiling {
namespace {

const Frame kLibc{"/lib/libc.so.6", 0x10}, kFortran{"/lib/libgfortran.so.5", 0x20};
const Frame kDump{"/no/such/dump", 0x30}, kOther{"/no/such/dump", 0x40};

CallStack stack(std::vector<Frame> frames, Weight weight, Via via = Via::kStream) {
  CallStack result{};
  result.program = "dump";
  result.via = via;
  result.frames = std::move(frames);
  result.samples = 1;
  result.weight = weight;
  return result;
}

TEST(CallSites, TheInnermostFrameOutsideRunTimeLibraries) {
  EXPECT_EQ(site_in(stack({kLibc, kFortran, kDump, kLibc}, {})), 2U);
  EXPECT_EQ(site_in(stack({kDump}, {})), 0U);
  EXPECT_EQ(site_in(stack({kLibc, kLibc}, {})), 0U);
  EXPECT_EQ(site_in(stack({}, {})), 0U);
}

TEST(CallSites, PathsToTheSameSiteAddUp) {
  Profile profile{};
  profile.stacks = {stack({kLibc, kDump, kOther}, {1, 100, 10}),
                    stack({kLibc, kDump}, {2, 300, 20}), stack({kLibc, kOther}, {50, 50, 500})};
  Symbols symbols;
  std::vector<CallSite> sites = call_sites(profile, symbols, By::kBytes);
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_EQ(sites[0].frame, kDump);
  EXPECT_EQ(sites[0].weight.bytes, 400);
  EXPECT_EQ(sites[0].weight.calls, 3);
  EXPECT_TRUE(sites[0].callers.empty());  // the heavier path has none
  EXPECT_EQ(sites[0].by, "libc.so.6");
  sites = call_sites(profile, symbols, By::kCalls);
  EXPECT_EQ(sites[0].frame, kOther);
}

TEST(CallSites, NothingIsKnownOfAnEmptyPath) {
  Profile profile{};
  profile.stacks = {stack({}, {1, 1, 1}, Via::kPwrite)};
  Symbols symbols;
  const std::vector<CallSite> sites = call_sites(profile, symbols, By::kBytes);
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_EQ(sites[0].by, "pwrite");
}

TEST(CallSites, FoldedStacksBeginOutermost) {
  Profile profile{};
  const Frame odd{"/a;b", 1};
  profile.stacks = {stack({kLibc, kDump, odd}, {1, 100.4, 3000}),
                    stack({kLibc, kOther, odd}, {2, 200.4, 5000}),
                    stack({{"", 7}}, {1, 8, 1000}, Via::kWrite)};
  profile.stacks[2].cut = true;
  Symbols symbols;
  EXPECT_EQ(folded(profile, symbols, By::kBytes),
            "dump;...;unknown;write 8\n"
            "dump;a:b;dump;libc.so.6;stdio 301\n");
  EXPECT_EQ(folded(profile, symbols, By::kTime),
            "dump;...;unknown;write 1\n"
            "dump;a:b;dump;libc.so.6;stdio 8\n");
}

TEST(CallSites, Descriptions) {
  EXPECT_EQ(describe(kDump, {}), "dump+0x31");
  EXPECT_EQ(describe({"", 0x30}, {}), "0x30");
  EXPECT_EQ(describe(kDump, {"main", 29, "/src/w.c", 42}), "main+0x1d (w.c:42)");
  EXPECT_EQ(describe(kDump, {"main", 29, "", 0}), "main+0x1d in dump");
}

TEST(CallSites, Measures) {
  EXPECT_EQ(measure_named("calls"), By::kCalls);
  EXPECT_EQ(measure_named("weight"), std::nullopt);
}

}  // namespace
}  // namespace seqshim::profiling
