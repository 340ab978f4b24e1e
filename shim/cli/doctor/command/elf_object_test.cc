#include "shim/cli/doctor/command/elf_object.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::binary_search(names.begin(), names.end(), name);
}

TEST(ElfObjectTest, ThisTestImportsWhatItUses) {
  const std::optional<ElfObject> self = read_elf_object("/proc/self/exe");
  ASSERT_TRUE(self);
  EXPECT_NE(std::find(self->needed.begin(), self->needed.end(), "libc.so.6"), self->needed.end());
  EXPECT_TRUE(has(self->imports, "elf_begin"));
  EXPECT_TRUE(has(self->imports, "write"));
  EXPECT_FALSE(has(self->imports, "main"));
  EXPECT_FALSE(has(self->imports, ""));
  EXPECT_TRUE(has(self->functions, "main"));
}

TEST(ElfObjectTest, ALibraryHasImportsToo) {
  const std::optional<ElfObject> shell = read_elf_object("/bin/sh");
  ASSERT_TRUE(shell);
  EXPECT_TRUE(has(shell->imports, "write"));
}

TEST(ElfObjectTest, WhatIsNoObjectIsNone) {
  TemporaryDirectory directory;
  EXPECT_FALSE(read_elf_object(directory / "no"));
  EXPECT_FALSE(read_elf_object(directory / ""));
  std::ofstream(directory / "text") << "text";
  EXPECT_FALSE(read_elf_object(directory / "text"));
}

TEST(ElfObjectTest, OneThatWasCutOrSpoiltDoesNoHarm) {
  TemporaryDirectory directory;
  const std::string bytes = contents("/bin/true"), path = directory / "spoilt";
  for (const size_t length : {4, 16, 63, 64, 1000, 20000}) {
    std::ofstream(path, std::ios::binary) << bytes.substr(0, length);
    read_elf_object(path);
  }
  for (size_t at = 0; at < bytes.size(); at += 499) {
    std::string other = bytes;
    for (size_t i = at; i < std::min(at + 8, other.size()); ++i) other[i] = '\xff';
    std::ofstream(path, std::ios::binary) << other;
    read_elf_object(path);
  }
}

}  // namespace
}  // namespace seqshim
