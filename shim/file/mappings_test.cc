#include "shim/file/mappings.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace seqshim {
namespace {

/// A file of its own, mapped while it lives.
class Mapped {
 public:
  explicit Mapped(const std::string& name) : path_(directory() + "/" + name) {
    const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
    struct stat facts;
    EXPECT_EQ(::fstat(fd, &facts), 0);
    id_ = id_of(facts);
    pages_ = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, fd, 0);
    EXPECT_NE(pages_, MAP_FAILED);
    ::close(fd);
  }
  ~Mapped() {
    unmap();
    ::unlink(path_.c_str());
    ::rmdir(directory_.c_str());
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;

  void unmap() { ::munmap(pages_, kBytes); }
  const FileId& id() const { return id_; }
  const char* path() const { return path_.c_str(); }

 private:
  static constexpr size_t kBytes = 4096;

  const std::string& directory() {
    char name[] = "/tmp/mappings_test.XXXXXX";
    return directory_ = ::mkdtemp(name);
  }

  std::string directory_, path_;
  FileId id_{};
  void* pages_ = MAP_FAILED;
};

constexpr FileId kAnother{1, 0xffff'ffff'ffff};

TEST(Mappings, AreFoundByTheFilesNumber) {
  const Mapped file("file");
  EXPECT_TRUE(is_mapped(file.id(), "/other"));
  EXPECT_FALSE(is_mapped(kAnother, "/other"));
}

TEST(Mappings, AreFoundByTheFilesName) {
  for (const char* name : {"file", "a b ", "a\nb\n", "\n", "a\\012b", "\\"}) {
    const Mapped file(name);
    EXPECT_TRUE(is_mapped(kAnother, file.path())) << name;
    const std::string path = file.path();
    EXPECT_FALSE(is_mapped(kAnother, (path + "x").c_str())) << name;
    EXPECT_FALSE(is_mapped(kAnother, path.substr(0, path.size() - 1).c_str())) << name;
    EXPECT_FALSE(is_mapped(kAnother, path.substr(1).c_str())) << name;
  }
}

TEST(Mappings, EndWhenTheyAreUnmapped) {
  Mapped file("file");
  file.unmap();
  EXPECT_FALSE(is_mapped(file.id(), file.path()));
}

TEST(Mappings, OutliveTheFilesName) {
  const Mapped file("file");
  ::unlink(file.path());
  EXPECT_TRUE(is_mapped(file.id(), file.path()));
}

}  // namespace
}  // namespace seqshim
