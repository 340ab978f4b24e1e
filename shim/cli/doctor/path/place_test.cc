#include "shim/cli/doctor/path/place.h"

#include <gtest/gtest.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "shim/report/test_support.h"

namespace seqshim {
namespace {

class PlaceTest : public testing::Test {
 protected:
  std::string real(const std::string& name) const {
    return std::filesystem::canonical(dir_ / "") / name;
  }
  TemporaryDirectory dir_;
};

TEST_F(PlaceTest, ADirectoryIsWhereItsFilesAre) {
  const Place place = look_at_place(dir_ / "");
  EXPECT_EQ(place.kind, Place::Kind::kDirectory);
  EXPECT_TRUE(place.directory_writable);
  EXPECT_EQ(place.name, "");
}

TEST_F(PlaceTest, AFileIsSeenThroughItsLinks) {
  std::ofstream(dir_ / "file") << "text";
  ASSERT_EQ(symlink("file", (dir_ / "link").c_str()), 0);
  const Place place = look_at_place(dir_ / "link");
  EXPECT_EQ(place.kind, Place::Kind::kFile);
  EXPECT_EQ(place.name, real("file"));
  EXPECT_TRUE(place.writable);
  EXPECT_FALSE(place.append_only);
  EXPECT_EQ(place.facts.st_size, 4);
}

TEST_F(PlaceTest, AFileThatIsNotThereWouldBeMade) {
  const Place place = look_at_place(dir_ / "new");
  EXPECT_EQ(place.kind, Place::Kind::kNothing);
  EXPECT_EQ(place.name, real("new"));
}

TEST_F(PlaceTest, BehindALinkThatLeadsNowhereItWouldBeMadeToo) {
  ASSERT_EQ(mkdir((dir_ / "sub").c_str(), 0755), 0);
  ASSERT_EQ(symlink("sub/new", (dir_ / "link").c_str()), 0);
  EXPECT_EQ(look_at_place(dir_ / "link").name, real("sub/new"));
}

TEST_F(PlaceTest, WithoutItsDirectoryItCannot) {
  const Place place = look_at_place(dir_ / "no/new");
  EXPECT_EQ(place.kind, Place::Kind::kUnreachable);
  EXPECT_NE(place.trouble.find("No such file or directory"), std::string::npos) << place.trouble;
  EXPECT_EQ(look_at_place("").kind, Place::Kind::kUnreachable);
  EXPECT_EQ(look_at_place(dir_ / "new/").kind, Place::Kind::kUnreachable);
}

TEST_F(PlaceTest, WhatIsNoRegularFileIsNamed) {
  ASSERT_EQ(mkfifo((dir_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(look_at_place(dir_ / "fifo").trouble, "a FIFO");
  EXPECT_EQ(look_at_place("/dev/null").trouble, "a character device");
}

TEST(LockTest, IsOfTheFileThatTheLineNames) {
  struct stat file {};
  file.st_dev = makedev(0xfe, 0x1);
  file.st_ino = 4711;
  EXPECT_EQ(lock_in_line("1: POSIX  ADVISORY  WRITE 123 fe:01:4711 0 EOF", file),
            "a POSIX lock of process 123");
  EXPECT_NE(lock_in_line("2: OFDLCK ADVISORY  READ -1 fe:01:4711 0 EOF", file), "");
  EXPECT_EQ(lock_in_line("3: FLOCK  ADVISORY  WRITE 123 fe:01:4711 0 EOF", file), "");
  EXPECT_EQ(lock_in_line("4: POSIX  ADVISORY  WRITE 123 fe:01:4712 0 EOF", file), "");
  EXPECT_EQ(lock_in_line("4: -> POSIX  ADVISORY  WRITE 123 fe:01:4711 0 EOF", file), "");
  EXPECT_EQ(lock_in_line("", file), "");
}

TEST(OctalTest, IsReadBack) {
  EXPECT_EQ(without_octal("/a\\040b\\134c"), "/a b\\c");
  EXPECT_EQ(without_octal("/a\\04"), "/a\\04");
}

}  // namespace
}  // namespace seqshim
