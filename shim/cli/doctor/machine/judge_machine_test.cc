#include "shim/cli/doctor/machine/judge_machine.h"

#include <errno.h>
#include <gtest/gtest.h>

namespace seqshim {
namespace {

MachineFacts good() {
  MachineFacts facts;
  facts.kernel = "6.18.0";
  facts.kernel_major = 6;
  facts.kernel_minor = 18;
  facts.libc = "2.36";
  facts.slots_found = facts.guard_tried = facts.guard_started = true;
  facts.library = "/usr/lib/libseqshim.so";
  facts.library_tried = true;
  facts.memory = uint64_t{64} << 20;
  return facts;
}

Finding finding(const MachineFacts& facts, const std::string& subject) {
  Findings all = judge_limits(facts);
  for (Finding& one : judge_machine(facts)) all.push_back(std::move(one));
  for (Finding& one : all)
    if (one.subject == subject) return one;
  return problem("none", "");
}

TEST(JudgeMachineTest, NothingIsWrong) {
  Findings all = judge_limits(good());
  for (Finding& one : judge_machine(good())) all.push_back(std::move(one));
  for (const Finding& one : all) {
    EXPECT_EQ(one.mark, Mark::kOk) << one.subject;
    EXPECT_EQ(one.blocker, "") << one.subject;
  }
}

TEST(JudgeMachineTest, ALimitOnFileSizesIsInTheWay) {
  MachineFacts facts = good();
  facts.size_limit = uint64_t{1} << 40;
  EXPECT_EQ(finding(facts, "ulimit -f").mark, Mark::kProblem);
  EXPECT_NE(finding(facts, "ulimit -f").blocker, "");
}

TEST(JudgeMachineTest, DescriptorsOfOursBeginAt512) {
  MachineFacts facts = good();
  facts.descriptor_limit = 1024;
  EXPECT_EQ(finding(facts, "ulimit -n").mark, Mark::kOk);
  facts.descriptor_limit = 520;
  EXPECT_EQ(finding(facts, "ulimit -n").mark, Mark::kNote);
  facts.descriptor_limit = 512;
  EXPECT_NE(finding(facts, "ulimit -n").blocker, "");
}

TEST(JudgeMachineTest, WithoutMemoryNothingIsGathered) {
  MachineFacts facts = good();
  facts.memfd_error = ENOSYS;
  EXPECT_EQ(finding(facts, "memory").mark, Mark::kNote);
  facts.memory_error = ENOMEM;
  EXPECT_NE(finding(facts, "memory").blocker, "");
}

TEST(JudgeMachineTest, AGuardThatCannotBeIsExplained) {
  MachineFacts facts = good();
  facts.guard_started = false;
  facts.process_limit = 7;
  EXPECT_NE(finding(facts, "guard").advice.find("ulimit -u (7)"), std::string::npos);
  facts.first_process = true;
  EXPECT_NE(finding(facts, "guard").advice.find("process 1"), std::string::npos);
  facts.pidfd_error = ENOSYS;
  EXPECT_NE(finding(facts, "guard").advice.find("pidfd_open"), std::string::npos);
  facts.guard_wanted = false;
  EXPECT_EQ(finding(facts, "guard").fact, "SEQSHIM_GUARD=off");
  EXPECT_EQ(finding(facts, "guard").blocker, "");
}

TEST(JudgeMachineTest, AnOldKernelLacksSomething) {
  MachineFacts facts = good();
  facts.kernel_major = 6;
  facts.kernel_minor = 1;
  EXPECT_EQ(finding(facts, "kernel").mark, Mark::kNote);
  EXPECT_NE(finding(facts, "kernel").meaning.find("cachestat"), std::string::npos);
  EXPECT_EQ(finding(facts, "kernel").meaning.find("COLLAPSE"), std::string::npos);
  facts.kernel_major = 5;
  EXPECT_NE(finding(facts, "kernel").meaning.find("pidfd_open"), std::string::npos);
  facts.wipe_error = EINVAL;
  EXPECT_NE(finding(facts, "kernel").blocker, "");
}

TEST(JudgeMachineTest, StreamsMayBeOutOfSight) {
  MachineFacts facts = good();
  facts.slots_found = false;
  EXPECT_EQ(finding(facts, "stdio").mark, Mark::kProblem);
  facts.shim_loaded = true;
  EXPECT_EQ(finding(facts, "stdio").mark, Mark::kNote);
}

TEST(JudgeMachineTest, WhatIsPreloadedAlreadyIsNamed) {
  MachineFacts facts = good();
  facts.preload = "/x/libother.so";
  EXPECT_NE(finding(facts, "LD_PRELOAD").meaning.find("before it"), std::string::npos);
  facts.preload = "/x/libseqshim.so";
  EXPECT_NE(finding(facts, "LD_PRELOAD").meaning.find("SEQSHIM_MATCH"), std::string::npos);
}

TEST(SizeTextTest, IsShort) {
  EXPECT_EQ(size_in_words(0), "0 bytes");
  EXPECT_EQ(size_in_words(4096), "4 KiB");
  EXPECT_EQ(size_in_words(uint64_t{3} << 29), "1.5 GiB");
  EXPECT_EQ(size_in_words((uint64_t{252} << 30) + 12345), "252 GiB");
}

}  // namespace
}  // namespace seqshim
