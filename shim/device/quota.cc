#include "shim/device/quota.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <atomic>

#include "shim/config/text.h"
#include "shim/device/risky_call.h"
#include "shim/system/file_system_type.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr int kTypes = 3;  // user, group, project

/// Which quotas a device has: a bit for each type, and:
constexpr uint32_t kAsked = 1u << 3;
constexpr uint32_t kUnclear = 1u << 4;  // there may be some, of a kind that can't be asked

/// By the device's number; two that fall on the same place forget each other.
constexpr size_t kPlaces = 16;
constinit std::atomic<uint64_t> known[kPlaces]{};

template <class Answer>
long ask(int fd, dev_t device, int command, int type, uint32_t id, Answer* answer) {
  const auto what = static_cast<unsigned>(QCMD(command, type));
  const long result = risky_call(Risky::kQuotactlFd, fd, what, id, answer);
  // Told by a file system without quotas as well.
  if (result != -ENOSYS || risky_call(Risky::kQuotactlFd, -1, what, id, answer) != -ENOSYS)
    return result;
  char path[40] = {};
  TextBuilder text(path, sizeof path - 1);
  text.append("/dev/block/").number(major(device)).append(':').number(minor(device));
  const long older = risky_call(Risky::kQuotactl, what, path, id, answer);
  return older == -ENOSYS ? -EPERM : older;
}

bool mounted_with_quotas(dev_t device) {
  const long fd =
      sys::call_with(__NR_openat, AT_FDCWD, "/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  MountedWithQuotas mounts(device);
  char piece[1024];
  for (long count; (count = sys::call_with(__NR_read, fd, piece, sizeof piece)) > 0;)
    mounts.see({piece, static_cast<size_t>(count)});
  sys::call_with(__NR_close, fd);
  return mounts.found();
}

/// btrfs knows no owners, but limits on groups of subvolumes, which only an administrator may ask.
bool has_group_limits(int fd) {
  if (sys::file_system_type(fd) != BTRFS_SUPER_MAGIC) return false;
  btrfs_ioctl_fs_info_args info{};
  if (sys::call_with(__NR_ioctl, fd, BTRFS_IOC_FS_INFO, &info) != 0) return true;
  char path[80] = {};
  TextBuilder text(path, sizeof path - 1);
  text.append("/sys/fs/btrfs/");
  for (size_t i = 0; i < sizeof info.fsid; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.append('-');
    text.hex(info.fsid[i], 2);
  }
  text.append("/qgroups");
  return sys::call_with(__NR_faccessat, AT_FDCWD, path, 0) == 0;
}

uint32_t look_for_quotas(int fd, dev_t device) {
  uint32_t found = kAsked;
  for (int type = 0; type < kTypes; ++type) {
    dqinfo info;
    const long result = ask(fd, device, Q_GETINFO, type, 0, &info);
    if (result == 0)
      found |= 1u << type;
    else if (result != -ESRCH && result != -ENOSYS && result != -EINVAL &&
             mounted_with_quotas(device))
      found |= kUnclear;
  }
  if (has_group_limits(fd)) found |= kUnclear;
  return found;
}

uint32_t quotas_of(int fd, dev_t device) {
  constexpr int kShift = 8;
  std::atomic<uint64_t>& place = known[(device ^ (device >> 8)) % kPlaces];
  const uint64_t seen = place.load(std::memory_order_relaxed);
  if ((seen & kAsked) != 0 && seen >> kShift == (uint64_t{device} << kShift >> kShift))
    return static_cast<uint32_t>(seen);
  const uint32_t found = look_for_quotas(fd, device);
  place.store(uint64_t{device} << kShift | found, std::memory_order_relaxed);
  return found;
}

uint32_t project_of(int fd) {
  fsxattr facts{};
  return sys::call_with(__NR_ioctl, fd, FS_IOC_FSGETXATTR, &facts) == 0 ? facts.fsx_projid : 0;
}

uint64_t left_of(int fd, dev_t device, int type, uint32_t id) {
  dqblk quota{};
  const long result = ask(fd, device, Q_GETQUOTA, type, id, &quota);
  if (result == -ESRCH) return UINT64_MAX;  // nothing is known of this owner: no limit
  if (result != 0) return 0;
  // Beyond the soft limit time counts, too.
  uint64_t blocks = quota.dqb_bhardlimit;
  if (quota.dqb_bsoftlimit != 0 && (blocks == 0 || quota.dqb_bsoftlimit < blocks))
    blocks = quota.dqb_bsoftlimit;
  if (blocks == 0) return UINT64_MAX;
  const uint64_t limit = blocks > UINT64_MAX / 1024 ? UINT64_MAX : blocks * 1024;
  return limit > quota.dqb_curspace ? limit - quota.dqb_curspace : 0;
}

}  // namespace

uint64_t quota_left(int fd, dev_t device) {
  const uint32_t quotas = quotas_of(fd, device);
  if ((quotas & kUnclear) != 0) return 0;
  uint64_t left = UINT64_MAX;
  if ((quotas & ((1u << kTypes) - 1)) == 0) return left;
  struct stat facts;
  if (sys::call_with(__NR_fstat, fd, &facts) != 0) return 0;
  for (int type = 0; type < kTypes; ++type) {
    if ((quotas & (1u << type)) == 0) continue;
    const uint32_t id = type == 0 ? facts.st_uid : type == 1 ? facts.st_gid : project_of(fd);
    left = std::min(left, left_of(fd, device, type, id));
  }
  return left;
}

MountedWithQuotas::MountedWithQuotas(dev_t device) {
  TextBuilder text(device_, sizeof device_);
  device_length_ = text.number(major(device)).append(':').number(minor(device)).length();
}

void MountedWithQuotas::see(std::string_view text) {
  for (const char byte : text) {
    const bool ends = byte == ' ' || byte == '\n' || (options_ && byte == ',');
    if (!ends) {
      if (length_ < sizeof word_) word_[length_++] = byte;
      continue;
    }
    end_word();
    if (byte == '\n') {
      words_ = 0;
      ours_ = options_ = false;
    }
  }
}

void MountedWithQuotas::end_word() {
  const std::string_view word(word_, length_);
  constexpr unsigned kDevice = 2;
  if (words_ == kDevice) ours_ = word == std::string_view(device_, device_length_);
  if (word == "-") options_ = true;
  if (ours_ && options_ && word != "noquota" && word.find("quota") != std::string_view::npos)
    found_ = true;
  ++words_;
  length_ = 0;
}

}  // namespace seqshim
