#include "shim/cli/doctor/path/mounts.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>

namespace seqshim {
namespace {

constexpr const char* kMountinfo =
    "21 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro,data=journal\n"
    "22 21 0:5 / /proc rw,nosuid - proc proc rw\n"
    "23 21 0:31 /sub /mnt/a\\040b ro,noexec shared:2 master:1 - fuse.sshfs host:/dir "
    "rw,user_id=0\n";

std::optional<Mount> mount(int id) {
  std::istringstream text(kMountinfo);
  return find_mount(text, id);
}

TEST(MountsTest, ALineIsFoundByItsNumber) {
  const std::optional<Mount> root = mount(21);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->place, "/");
  EXPECT_EQ(root->type, "ext4");
  EXPECT_EQ(root->source, "/dev/vda1");
  EXPECT_TRUE(root->has_option("data=journal"));
  EXPECT_TRUE(root->has_option("relatime"));
  EXPECT_FALSE(root->has_option("data"));
  EXPECT_FALSE(root->has_option("ro"));
  EXPECT_FALSE(mount(24));
}

TEST(MountsTest, TagsAndBlanksAreOvercome) {
  const std::optional<Mount> other = mount(23);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->place, "/mnt/a b");
  EXPECT_EQ(other->type, "fuse.sshfs");
  EXPECT_TRUE(other->has_option("noexec"));
}

TEST(MountsTest, ARealOneIsFound) {
  const int fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const std::optional<Mount> proc = mount_of(fd);
  close(fd);
  ASSERT_TRUE(proc);
  EXPECT_EQ(proc->type, "proc");
}

TEST(MountsTest, KindsAreToldByTheType) {
  EXPECT_EQ(kind_of_mount("ext4"), MountKind::kDisk);
  EXPECT_EQ(kind_of_mount("tmpfs"), MountKind::kMemory);
  EXPECT_EQ(kind_of_mount("proc"), MountKind::kKernel);
  EXPECT_EQ(kind_of_mount("nfs4"), MountKind::kNetwork);
  EXPECT_EQ(kind_of_mount("fuse"), MountKind::kFuse);
  EXPECT_EQ(kind_of_mount("fuse.sshfs"), MountKind::kFuse);
  EXPECT_EQ(kind_of_mount("overlay"), MountKind::kOverlay);
}

}  // namespace
}  // namespace seqshim
