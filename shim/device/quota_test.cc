#include "shim/device/quota.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <string>

#include "shim/device/test_support.h"

namespace seqshim {
namespace {

bool found(const std::string& lines, dev_t device) {
  MountedWithQuotas whole(device), cut(device);
  whole.see(lines);
  for (const char byte : lines) cut.see({&byte, 1});
  EXPECT_EQ(whole.found(), cut.found());
  return whole.found();
}

const dev_t kDevice = makedev(98, 12);

TEST(MountedWithQuotasTest, BySuperOptionsOfTheDevice) {
  const std::string root =
      "36 35 98:0 / / rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n";
  const std::string home =
      "37 36 98:12 /a /home rw shared:7 - ext4 /dev/home rw,usrquota,grpquota\n";
  EXPECT_TRUE(found(root + home, kDevice));
  EXPECT_TRUE(found(home + root, kDevice));
  EXPECT_FALSE(found(root + home, makedev(98, 0)));
  EXPECT_FALSE(found(root + home, makedev(98, 1)));
  EXPECT_FALSE(found("", kDevice));
}

TEST(MountedWithQuotasTest, EveryWayToSaySo) {
  for (const char* option : {"quota", "usrquota", "grpquota", "prjquota", "usrjquota=aquota.user"})
    EXPECT_TRUE(found("1 2 98:12 / / rw - xfs /dev/a rw," + std::string(option) + "\n", kDevice));
  EXPECT_FALSE(found("1 2 98:12 / / rw - xfs /dev/a rw,attr2,noquota\n", kDevice));
}

TEST(MountedWithQuotasTest, OnlyWhereTheOptionsAre) {
  EXPECT_FALSE(found("1 2 98:12 / /usrquota rw,usrquota - ext4 /dev/a rw\n", kDevice));
  EXPECT_FALSE(found("98:12 1 98:13 / / rw - ext4 /dev/a rw,usrquota\n", kDevice));
}

TEST(QuotaTest, WithoutQuotasAllIsLeft) {
  DiskFile file;
  struct stat facts {};
  ASSERT_EQ(fstat(file.fd(), &facts), 0);
  const uint64_t left = quota_left(file.fd(), facts.st_dev);
  EXPECT_EQ(quota_left(file.fd(), facts.st_dev), left);  // from memory
  if (left != UINT64_MAX) GTEST_SKIP() << "this disk has quotas";
}

}  // namespace
}  // namespace seqshim
