#include "shim/cache/huge_pages.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>

namespace seqshim {
namespace {

constexpr size_t kHuge = HugePages::kBytes;

class HugePagesTest : public ::testing::Test {
 protected:
  void map(size_t bytes) {
    fd_ = memfd_create("huge-pages-test", MFD_CLOEXEC);
    ASSERT_EQ(ftruncate(fd_, static_cast<off_t>(bytes)), 0);
    base_ = HugePages::map(bytes, MAP_SHARED, fd_);
    ASSERT_NE(base_, nullptr);
    bytes_ = bytes;
    pages_.set_memory(base_, bytes);
  }
  ~HugePagesTest() override {
    if (base_ != nullptr) munmap(base_, bytes_);
    if (fd_ >= 0) close(fd_);
  }
  /// Bytes of the memory that are mapped by huge pages.
  size_t huge_bytes() const {
    std::ifstream maps("/proc/self/smaps");
    bool ours = false;
    size_t kib = 0;
    for (std::string line; std::getline(maps, line);) {
      if (line.find('-') < 20 && line.find(' ') > 10)
        ours = line.find("huge-pages-test") != std::string::npos;
      if (ours && line.rfind("ShmemPmdMapped:", 0) == 0) kib += std::stoul(line.substr(15));
    }
    return kib * 1024;
  }

  HugePages pages_;
  std::byte* base_ = nullptr;
  size_t bytes_ = 0;
  int fd_ = -1;
};

TEST_F(HugePagesTest, WhatIsLargeLiesWhereTheyFit) {
  map(2 * kHuge + 4096);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(base_) % kHuge, 0U);
  std::memset(base_, 1, bytes_);
}

TEST_F(HugePagesTest, WhatIsSmallHasNone) {
  map(kHuge / 2);
  std::memset(base_, 1, bytes_);
  pages_.gather(base_, bytes_);
  EXPECT_EQ(huge_bytes(), 0U);
}

TEST_F(HugePagesTest, KeepsWhatIsThere) {
  map(3 * kHuge);
  base_[kHuge - 1] = std::byte{1};
  base_[kHuge + 5] = std::byte{2};
  base_[2 * kHuge] = std::byte{3};
  pages_.gather(base_ + kHuge, 10);
  pages_.gather(base_ + kHuge, kHuge);
  EXPECT_EQ(base_[kHuge - 1], std::byte{1});
  EXPECT_EQ(base_[kHuge + 5], std::byte{2});
  EXPECT_EQ(base_[2 * kHuge], std::byte{3});
  // Where the kernel has them at all.
  const size_t huge = huge_bytes();
  if (huge == 0) GTEST_SKIP() << "none to be had here";
  EXPECT_EQ(huge, kHuge);
  std::byte there{};
  EXPECT_EQ(pread(fd_, &there, 1, kHuge + 5), 1);
  EXPECT_EQ(there, std::byte{2});
}

TEST_F(HugePagesTest, ThoseThatARangeLiesIn) {
  map(4 * kHuge);
  pages_.gather(base_ + kHuge - 1, 2);
  const size_t huge = huge_bytes();
  if (huge == 0) GTEST_SKIP() << "none to be had here";
  EXPECT_EQ(huge, 2 * kHuge);
}

TEST_F(HugePagesTest, NoMemoryHasNone) {
  HugePages none;
  none.gather(nullptr, 4096);
}

}  // namespace
}  // namespace seqshim
