#include "shim/cli/doctor/path/mounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "shim/cli/doctor/path/place.h"

namespace seqshim {
namespace {

bool is_in_list(std::string_view list, std::string_view option) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    if (one == option) return true;
    list.remove_prefix(std::min(list.size(), one.size() + 1));
  }
  return false;
}

template <size_t count>
bool is_one_of(std::string_view type, const std::array<std::string_view, count>& types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

constexpr std::array<std::string_view, 4> kOfMemory = {"tmpfs", "ramfs", "devtmpfs", "hugetlbfs"};
constexpr std::array<std::string_view, 17> kOfTheKernel = {
    "proc",     "sysfs",   "cgroup",   "cgroup2",     "debugfs",    "tracefs",
    "devpts",   "bpf",     "configfs", "mqueue",      "securityfs", "pstore",
    "efivarfs", "fusectl", "nsfs",     "binfmt_misc", "selinuxfs"};
constexpr std::array<std::string_view, 14> kOfTheNetwork = {
    "nfs", "nfs4",   "cifs",   "smb3", "smbfs", "ceph", "9p",
    "afs", "lustre", "beegfs", "gfs2", "ocfs2", "gpfs", "orangefs"};

}  // namespace

bool Mount::has_option(std::string_view option) const {
  return is_in_list(options, option) || is_in_list(super_options, option);
}

std::optional<Mount> find_mount(std::istream& mountinfo, int id) {
  // "36 35 98:0 /root /place rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=continue"
  std::string line;
  while (std::getline(mountinfo, line)) {
    std::istringstream words(line);
    int number = -1;
    std::string parent, device, root, word;
    Mount mount;
    if (!(words >> number >> parent >> device >> root >> mount.place >> mount.options) ||
        number != id)
      continue;
    while (words >> word && word != "-") {
    }
    words >> mount.type >> mount.source >> mount.super_options;
    mount.place = without_octal(mount.place);
    mount.source = without_octal(mount.source);
    return mount;
  }
  return std::nullopt;
}

std::optional<Mount> mount_of(int fd) {
  std::ifstream facts(fmt::format("/proc/self/fdinfo/{}", fd));
  std::string word;
  int id = -1;
  while (facts >> word) {
    if (word == "mnt_id:") facts >> id;
  }
  std::ifstream mountinfo("/proc/self/mountinfo");
  return find_mount(mountinfo, id);
}

MountKind kind_of_mount(std::string_view type) {
  if (is_one_of(type, kOfMemory)) return MountKind::kMemory;
  if (is_one_of(type, kOfTheKernel)) return MountKind::kKernel;
  if (is_one_of(type, kOfTheNetwork)) return MountKind::kNetwork;
  if (type == "overlay") return MountKind::kOverlay;
  if (type == "fuse" || type == "fuseblk" || type.starts_with("fuse.")) return MountKind::kFuse;
  return MountKind::kDisk;
}

}  // namespace seqshim
