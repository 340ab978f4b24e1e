#include "shim/cli/target/target.h"

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

class TargetTest : public testing::Test {
 protected:
  // An executable file with these contents; its path.
  std::string executable(const std::string& name, const std::string& bytes, mode_t mode = 0755) {
    const std::string path = dir_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    chmod(path.c_str(), mode);
    return path;
  }

  // An ELF header with one program header, which names this dynamic linker.
  static std::string elf(uint16_t machine, unsigned char elf_class, uint32_t segment_type,
                         const std::string& linker = "/lib/ld.so") {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = elf_class;
    header.e_machine = machine;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 1;
    Elf64_Phdr segment{};
    segment.p_type = segment_type;
    segment.p_offset = sizeof header + sizeof segment;
    segment.p_filesz = linker.size() + 1;
    return std::string(reinterpret_cast<const char*>(&header), sizeof header) +
           std::string(reinterpret_cast<const char*>(&segment), sizeof segment) +
           std::string(linker.c_str(), linker.size() + 1);
  }

  void expect_refused(const std::string& command, int exit_code, const std::string& words) {
    const Target target = find_target(command, "/usr/bin:/bin");
    EXPECT_EQ(target.exit_code, exit_code) << command;
    EXPECT_NE(target.problem.find(words), std::string::npos) << target.problem;
  }

#if defined(__x86_64__)
  static constexpr uint16_t kMachine = EM_X86_64;
#else
  static constexpr uint16_t kMachine = EM_AARCH64;
#endif
  TemporaryDirectory dir_;
};

TEST_F(TargetTest, AnOrdinaryProgramIsFoundAlongThePath) {
  const Target target = find_target("sh", "/nowhere:/bin");
  EXPECT_EQ(target.exit_code, 0) << target.problem;
  EXPECT_EQ(target.path, "/bin/sh");
}

TEST_F(TargetTest, AnEmptyPathElementIsTheCurrentDirectory) {
  const std::string here = std::filesystem::current_path();
  executable("tool", "#!/bin/sh\n");
  ASSERT_EQ(chdir((dir_ / "").c_str()), 0);
  EXPECT_EQ(find_target("tool", "/bin:").path, "./tool");
  EXPECT_EQ(find_target("tool", "").path, "./tool");
  ASSERT_EQ(chdir(here.c_str()), 0);
}

TEST_F(TargetTest, WhatIsNotThereIsNotFound) {
  expect_refused("no-such-command", 127, "no such command");
  expect_refused(dir_ / "missing", 127, "no such command");
  expect_refused("", 127, "no such command");
}

TEST_F(TargetTest, WhatMayNotBeRunIsDenied) {
  expect_refused(executable("plain", "x", 0644), 126, "Permission denied");
  expect_refused("/tmp", 126, "Permission denied");
}

TEST_F(TargetTest, AStaticProgramIsRefused) {
  expect_refused(executable("static", elf(kMachine, ELFCLASS64, PT_LOAD)), 126, "statically");
}

TEST_F(TargetTest, AStaticPieIsRefused) {
  expect_refused(executable("static", elf(kMachine, ELFCLASS64, PT_DYNAMIC)), 126, "statically");
}

TEST_F(TargetTest, TheDynamicLinkerItselfIsFine) {
  const std::string path =
      executable("ld-linux-x86-64.so.2", elf(kMachine, ELFCLASS64, PT_DYNAMIC));
  EXPECT_EQ(find_target(path, "").exit_code, 0);
}

TEST_F(TargetTest, AnotherMachineIsRefused) {
  expect_refused(executable("s390", elf(EM_S390, ELFCLASS64, PT_INTERP)), 126, "another kind");
  expect_refused(executable("x32", elf(kMachine, ELFCLASS32, PT_INTERP)), 126, "32-bit");
  expect_refused(executable("i386", elf(EM_386, ELFCLASS32, PT_INTERP)), 126, "32-bit");
  expect_refused(executable("s390x", elf(EM_S390, ELFCLASS32, PT_INTERP)), 126, "another kind");
}

TEST_F(TargetTest, AnotherCLibraryIsRefused) {
  const std::string linker = executable("ld-musl-x86_64.so.1", "");
  expect_refused(executable("musl", elf(kMachine, ELFCLASS64, PT_INTERP, linker)), 126, linker);
}

TEST_F(TargetTest, AProgramWithoutItsDynamicLinkerIsNotFound) {
  expect_refused(executable("lost", elf(kMachine, ELFCLASS64, PT_INTERP, "/no/such/ld.so")), 127,
                 "its dynamic linker /no/such/ld.so");
}

TEST_F(TargetTest, ASetUserIdProgramOfAnotherUserIsRefused) {
  if (getuid() != 0) GTEST_SKIP() << "needs root";
  const std::string bytes = contents("/bin/true");
  const std::string other = executable("other", bytes);
  ASSERT_EQ(chown(other.c_str(), 65534, 0), 0);
  ASSERT_EQ(chmod(other.c_str(), 04755), 0);
  expect_refused(other, 126, "more rights");
  const std::string own = executable("own", bytes, 04755);
  EXPECT_EQ(find_target(own, "").exit_code, 0);
}

TEST_F(TargetTest, ASetGroupIdProgramOfAnotherGroupIsRefused) {
  if (getuid() != 0) GTEST_SKIP() << "needs root";
  const std::string path = executable("group", contents("/bin/true"));
  ASSERT_EQ(chown(path.c_str(), 0, 65534), 0);
  ASSERT_EQ(chmod(path.c_str(), 02755), 0);
  expect_refused(path, 126, "more rights");
}

TEST_F(TargetTest, AProcessThatHasMoreRightsCanPreloadNothing) {
  if (getuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(setresuid(65534, 0, 0), 0);
  expect_refused("true", 126, "more rights");
  ASSERT_EQ(setresuid(0, 0, 0), 0);
  EXPECT_EQ(find_target("true", "/bin").exit_code, 0);
}

TEST_F(TargetTest, AScriptIsJudgedByItsInterpreter) {
  const std::string program = executable("static", elf(kMachine, ELFCLASS64, PT_LOAD));
  expect_refused(executable("one", "#! \t" + program + " -x\nbody"), 126, "statically");
  expect_refused(executable("two", "#!" + (dir_ / "one")), 126, "statically");
  EXPECT_EQ(find_target(executable("good", "#!/bin/sh -e\n"), "").exit_code, 0);
}

TEST_F(TargetTest, AScriptWithoutItsInterpreterIsNotFound) {
  expect_refused(executable("script", "#!/no/such\n"), 127, "its interpreter /no/such");
  expect_refused(executable("env", "#!/usr/bin/env no-such-command\n"), 127, "no-such-command");
}

TEST_F(TargetTest, AScriptOfEnvIsJudgedByWhatThatStarts) {
  const std::string program = executable("static", elf(kMachine, ELFCLASS64, PT_LOAD));
  expect_refused(executable("one", "#!/usr/bin/env " + program + "\n"), 126, "statically");
  expect_refused(executable("two", "#!/usr/bin/env -S A=1 " + program + " -x\n"), 126,
                 "statically");
  expect_refused(executable("three", "#!/usr/bin/env " + (dir_ / "one") + "\n"), 126, "statically");
  const std::string good = executable("good", "#!/usr/bin/env sh\n");
  EXPECT_EQ(find_target(good, "/bin").exit_code, 0);
  EXPECT_EQ(find_target(good, "/bin").path, good);
  const std::string unclear = executable("unclear", "#!/usr/bin/env -S ${SHELL}\n");
  EXPECT_EQ(find_target(unclear, "/bin").exit_code, 0);
}

TEST_F(TargetTest, AScriptThatDropsThePreloadIsRefused) {
  expect_refused(executable("ignoring", "#!/usr/bin/env -S -i sh\n"), 126, "LD_PRELOAD");
  expect_refused(executable("other", "#!/usr/bin/env -S LD_PRELOAD=x sh\n"), 126, "LD_PRELOAD");
}

TEST_F(TargetTest, AGoProgramIsRunWithAWarning) {
  // /bin/true with the section's name in place of another one of the same length.
  std::string bytes = contents("/bin/true");
  const std::string old_name(".gnu_debuglink");
  const size_t place = bytes.find(old_name);
  if (place == bytes.npos) GTEST_SKIP() << "/bin/true has no such section";
  bytes.replace(place, old_name.size(), std::string(".go.buildinfo\0", 14));
  const Target target = find_target(executable("go", bytes), "");
  EXPECT_EQ(target.exit_code, 0);
  EXPECT_NE(target.warning.find("Go program"), std::string::npos) << target.warning;
  EXPECT_EQ(find_target("/bin/true", "").warning, "");
}

TEST_F(TargetTest, AScriptThatIsItsOwnInterpreterEndsTheSearch) {
  EXPECT_EQ(find_target(executable("loop", "#!" + (dir_ / "loop") + "\n"), "").exit_code, 0);
}

TEST_F(TargetTest, AnotherOfTheNameIsOneThatIsNotThisProgram) {
  const std::string here = dir_ / "here", there = dir_ / "there";
  mkdir(here.c_str(), 0755);
  mkdir(there.c_str(), 0755);
  ASSERT_EQ(symlink("/proc/self/exe", (here + "/tool").c_str()), 0);
  EXPECT_EQ(find_another("tool", here + ":" + there), "");
  executable("there/tool", "echo plain\n", 0644);
  EXPECT_EQ(find_another("tool", here + ":" + there), "");
  executable("there/tool", "echo hello\n");
  EXPECT_EQ(find_another("tool", here + ":" + there + ":/bin"), there + "/tool");
}

TEST_F(TargetTest, WhatCannotBeJudgedIsLetThrough) {
  EXPECT_EQ(find_target(executable("bare", "echo hello\n"), "").exit_code, 0);
  EXPECT_EQ(find_target(executable("empty", ""), "").exit_code, 0);
  EXPECT_EQ(find_target(executable("short", ELFMAG), "").exit_code, 0);
}

}  // namespace
}  // namespace seqshim
