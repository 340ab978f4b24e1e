#include "shim/cli/doctor/command/judge_command.h"

#include <gtest/gtest.h>

#include "shim/cli/complain.h"

namespace seqshim {
namespace {

CommandFacts command(std::vector<std::string> imports) {
  CommandFacts facts;
  facts.given = "job";
  facts.target.path = "/bin/job";
  facts.program = ElfObject{"/bin/job", {}, {}, {}, std::move(imports), {}};
  return facts;
}

LinkedLibrary library(const std::string& name, std::vector<std::string> imports) {
  return {name, {"/lib/" + name, {}, {}, {}, std::move(imports), {}}};
}

/// What is said of a subject; "none".
std::string said(const CommandFacts& facts, const std::string& subject) {
  for (const Finding& finding : diagnose_command(facts).findings)
    if (finding.subject == subject) return finding.fact;
  return "none";
}

TEST(JudgeCommandTest, WhatItWritesByIsNamed) {
  CommandFacts facts = command({"fputs", "fwrite", "malloc", "pwrite", "sendfile", "write"});
  facts.libraries = {library("libown.so", {"write"}), library("libc.so.6", {"write", "fwrite"})};
  EXPECT_EQ(said(facts, "system calls"), "pwrite, write; and by libown.so");
  EXPECT_EQ(said(facts, "stdio"), "fputs, fwrite");
  EXPECT_EQ(said(facts, "copies"), "sendfile");
  EXPECT_EQ(said(facts, "libraries"), "2: libown.so, libc.so.6");
  const Diagnosis diagnosis = diagnose_command(facts);
  EXPECT_EQ(diagnosis.exit_code, 0);
  EXPECT_EQ(diagnosis.verdict, "job is reached: all that it imports for writing files is seen.");
}

TEST(JudgeCommandTest, AllOfCxxStreamsAreOneName) {
  EXPECT_EQ(said(command({"_ZNSo5writeEPKcl", "_ZNSo3putEc"}), "stdio"), "C++ streams");
}

TEST(JudgeCommandTest, WhatItSplicesIsNotSaidToGoDirect) {
  const Diagnosis diagnosis = diagnose_command(command({"splice"}));
  EXPECT_EQ(said(command({"splice"}), "splice"), "splice");
  EXPECT_EQ(said(command({"splice"}), "copies"), "none");
  EXPECT_NE(diagnosis.verdict.find("is seen"), std::string::npos);
}

TEST(JudgeCommandTest, WhatWritesNothingIsSaidSo) {
  const Diagnosis diagnosis = diagnose_command(command({"malloc"}));
  EXPECT_EQ(diagnosis.exit_code, 0);
  EXPECT_NE(diagnosis.verdict.find("nothing that writes"), std::string::npos);
}

TEST(JudgeCommandTest, RingsAreNotSeen) {
  CommandFacts facts = command({"io_uring_queue_init", "write"});
  EXPECT_EQ(said(facts, "io_uring"), "io_uring_queue_init");
  EXPECT_NE(diagnose_command(facts).verdict.find("not what it writes by io_uring"),
            std::string::npos);
  facts = command({"write"});
  EXPECT_EQ(said(facts, "io_uring"), "none");
  facts.libraries = {library("libengine.so", {"io_uring_get_sqe"})};
  EXPECT_EQ(said(facts, "io_uring"), "by libengine.so");
  facts.libraries.clear();
  facts.program->functions = {"io_uring_submit", "main"};
  EXPECT_EQ(said(facts, "io_uring"), "io_uring_submit");
}

TEST(JudgeCommandTest, WhatElseMattersIsNoted) {
  const CommandFacts facts = command({"dlopen", "execvp", "flock", "msync", "pthread_create",
                                      "seccomp_load", "syscall", "write", "aio_write"});
  for (const char* const subject : {"plug-ins", "programs", "locks", "mappings", "threads",
                                    "sandbox", "syscall()", "asynchronous", "not told"})
    EXPECT_NE(said(facts, subject), "none") << subject;
}

TEST(JudgeCommandTest, AMissingLibraryIsAProblem) {
  CommandFacts facts = command({"write"});
  facts.libraries = {{"libgone.so", {}}};
  EXPECT_EQ(said(facts, "libraries"), "not found: libgone.so");
}

TEST(JudgeCommandTest, WhatCannotBeReachedKeepsItsReasonAndCode) {
  CommandFacts facts;
  facts.given = "job";
  facts.target.exit_code = kCannotRun;
  facts.target.problem = "can't reach into job: it is statically linked";
  const Diagnosis diagnosis = diagnose_command(facts);
  EXPECT_EQ(diagnosis.exit_code, kCannotRun);
  EXPECT_EQ(diagnosis.verdict, "can't reach into job: it is statically linked.");
}

TEST(JudgeCommandTest, TheChainIsTold) {
  CommandFacts facts = command({"write"});
  facts.target.path = "./script";
  facts.target.interpreters = {"/usr/bin/python3"};
  EXPECT_EQ(said(facts, "program"), "./script -> /usr/bin/python3");
  facts.by_env = true;
  EXPECT_EQ(said(facts, "program"), "env -> ./script -> /usr/bin/python3");
}

TEST(JudgeCommandTest, OfGoOnlyAPartIsReached) {
  CommandFacts facts = command({"write"});
  facts.target.warning = "job is a Go program";
  EXPECT_NE(said(facts, "Go"), "none");
  EXPECT_NE(diagnose_command(facts).verdict.find("only in part"), std::string::npos);
}

}  // namespace
}  // namespace seqshim
