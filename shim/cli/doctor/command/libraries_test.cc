#include "shim/cli/doctor/command/libraries.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "shim/cli/doctor/command/loader_cache.h"
#include "shim/report/test_support.h"

namespace seqshim {
namespace {

/// The path of a library that the program has; empty: not found.
std::string path_of(const std::vector<LinkedLibrary>& libraries, const std::string& name) {
  for (const LinkedLibrary& library : libraries)
    if (library.name == name) return library.object.path;
  return "not needed";
}

TEST(LibrariesTest, ThoseOfThisTestAreFound) {
  const auto libraries = libraries_of(read_elf_object("/proc/self/exe").value(), search_places());
  for (const LinkedLibrary& library : libraries) EXPECT_NE(library.object.path, "") << library.name;
  EXPECT_NE(path_of(libraries, "libc.so.6"), "not needed");
  EXPECT_NE(path_of(libraries, "libelf.so.1"), "not needed");
  // Of libelf's.
  EXPECT_NE(path_of(libraries, "libz.so.1"), "not needed");
}

class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    program_.path = dir_ / "program";
    program_.needed = {"libown.so"};
    for (const char* const place : {"rpath", "runpath", "environment", "cached"}) {
      std::filesystem::create_directory(dir_ / place);
      std::filesystem::copy_file("/bin/true", dir_ / place + "/libown.so");
    }
  }
  std::string found() const { return path_of(libraries_of(program_, places_), "libown.so"); }

  TemporaryDirectory dir_;
  ElfObject program_;
  SearchPlaces places_;
};

TEST_F(SearchTest, ItMayBeNowhere) { EXPECT_EQ(found(), ""); }

TEST_F(SearchTest, PlacesHaveTheirOrder) {
  places_.cache["libown.so"] = dir_ / "cached/libown.so";
  EXPECT_EQ(found(), dir_ / "cached/libown.so");
  program_.runpath = dir_ / "runpath";
  EXPECT_EQ(found(), dir_ / "runpath/libown.so");
  places_.environment = dir_ / "none" + ":" + dir_ / "environment";
  EXPECT_EQ(found(), dir_ / "environment/libown.so");
  program_.rpath = dir_ / "rpath";
  EXPECT_EQ(found(), dir_ / "environment/libown.so");
  program_.runpath.clear();
  EXPECT_EQ(found(), dir_ / "rpath/libown.so");
}

TEST_F(SearchTest, TheOriginIsWhereTheAskerLies) {
  std::filesystem::copy_file("/bin/true", program_.path);
  program_.runpath = "$ORIGIN/runpath";
  EXPECT_TRUE(found().ends_with("/runpath/libown.so")) << found();
  program_.runpath = "${ORIGIN}/runpath";
  EXPECT_TRUE(found().ends_with("/runpath/libown.so")) << found();
}

TEST_F(SearchTest, OneForAnotherMachineIsPassedOver) {
  std::string bytes = contents("/bin/true");
  bytes[18] = 22;  // the machine: S/390
  std::ofstream(dir_ / "runpath/libown.so", std::ios::binary) << bytes;
  program_.runpath = dir_ / "runpath:" + dir_ / "cached";
  EXPECT_EQ(found(), dir_ / "cached/libown.so");
}

TEST(LoaderCacheTest, ThisMachinesCanBeRead) {
  const std::string bytes = contents("/etc/ld.so.cache");
  if (bytes.empty()) GTEST_SKIP() << "there is none";
  const auto paths = read_loader_cache(bytes);
  ASSERT_TRUE(paths.contains("libc.so.6"));
  EXPECT_EQ(access(paths.at("libc.so.6").c_str(), R_OK), 0);
}

TEST(LoaderCacheTest, ASpoiltOneDoesNoHarm) {
  const std::string bytes = contents("/etc/ld.so.cache");
  EXPECT_TRUE(read_loader_cache("").empty());
  EXPECT_TRUE(read_loader_cache("glibc-ld.so.cache1.1").empty());
  for (size_t length = 0; length < std::min<size_t>(bytes.size(), 2000); length += 7)
    read_loader_cache(std::string_view(bytes).substr(0, length));
  std::string other = bytes;
  for (size_t at = 20; at < std::min<size_t>(other.size(), 200); ++at) {
    other[at] = '\xff';
    read_loader_cache(other);
  }
}

}  // namespace
}  // namespace seqshim
