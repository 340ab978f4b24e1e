#include "shim/cli/target/elf_program.h"

#include <elf.h>
#include <gtest/gtest.h>
#include <link.h>

#include <cstring>
#include <fstream>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

class ElfProgramTest : public testing::Test {
 protected:
  // A file of a header, one segment and what this holds.
  std::string file_of(uint32_t segment_type, const std::string& held, size_t claimed) {
    ElfW(Ehdr) header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(ElfW(Phdr));
    header.e_phnum = 1;
    ElfW(Phdr) segment{};
    segment.p_type = segment_type;
    segment.p_offset = sizeof header + sizeof segment;
    segment.p_filesz = claimed;
    const std::string path = dir_ / "program";
    std::ofstream(path, std::ios::binary)
        << std::string(reinterpret_cast<const char*>(&header), sizeof header)
        << std::string(reinterpret_cast<const char*>(&segment), sizeof segment) << held;
    return path;
  }

  static std::string note(const std::string& owner, uint32_t type, const std::string& text) {
    const ElfW(Nhdr)
        header{static_cast<ElfW(Word)>(owner.size()), static_cast<ElfW(Word)>(text.size()), type};
    const auto padded = [](std::string bytes) {
      bytes.resize((bytes.size() + 3) & ~size_t{3});
      return bytes;
    };
    return std::string(reinterpret_cast<const char*>(&header), sizeof header) + padded(owner) +
           padded(text);
  }

  bool go(const std::string& notes) {
    return is_go_program(Input(file_of(PT_NOTE, notes, notes.size())));
  }

  TemporaryDirectory dir_;
};

TEST_F(ElfProgramTest, ThisTestIsADynamicProgramOfOurKind) {
  const Input self("/proc/self/exe");
  EXPECT_TRUE(is_elf(self));
  EXPECT_EQ(foreign_kind(self), "");
  ASSERT_TRUE(dynamic_linker(self));
  EXPECT_NE(dynamic_linker(self)->find("ld-linux"), std::string::npos);
  EXPECT_FALSE(is_go_program(self));
}

TEST_F(ElfProgramTest, GoLeavesANote) {
  const std::string of_go = note(std::string("Go\0", 4), 4, "build/id");
  const std::string of_gnu = note(std::string("GNU", 4), 3, "12345");
  EXPECT_TRUE(go(of_go));
  EXPECT_TRUE(go(of_gnu + of_go));
  EXPECT_FALSE(go(of_gnu));
  EXPECT_FALSE(go(of_gnu + note(std::string("Goo", 4), 4, "build/id")));
}

TEST_F(ElfProgramTest, BrokenNotesEndTheSearch) {
  const std::string of_go = note(std::string("Go\0", 4), 4, "build/id");
  std::string endless = note(std::string("GNU", 4), 3, "12345");
  endless[0] = endless[1] = endless[2] = endless[3] = '\xff';
  EXPECT_FALSE(go(endless + of_go));
  std::string far = note(std::string("GNU", 4), 3, "12345");
  far[4] = far[5] = far[6] = far[7] = '\xff';
  EXPECT_FALSE(go(far + of_go));
  EXPECT_FALSE(go(of_go.substr(0, 10)));
  EXPECT_FALSE(go(""));
}

TEST_F(ElfProgramTest, ALinkerOfAnyClaimedLengthIsRead) {
  const std::string path = file_of(PT_INTERP, "/lib/ld.so", size_t{1} << 60);
  EXPECT_EQ(dynamic_linker(Input(path)), "/lib/ld.so");
}

TEST_F(ElfProgramTest, HeadersThatEndEarlyTellNothing) {
  const std::string path = file_of(PT_INTERP, "/lib/ld.so", 11);
  std::filesystem::resize_file(path, sizeof(ElfW(Ehdr)) + 5);
  EXPECT_FALSE(dynamic_linker(Input(path)));
  EXPECT_FALSE(is_go_program(Input(path)));
  std::filesystem::resize_file(path, 10);
  EXPECT_TRUE(is_elf(Input(path)));
  EXPECT_EQ(foreign_kind(Input(path)), "");
  EXPECT_FALSE(dynamic_linker(Input(path)));
}

}  // namespace
}  // namespace seqshim
