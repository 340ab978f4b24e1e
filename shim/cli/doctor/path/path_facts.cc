#include "shim/cli/doctor/path/path_facts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "shim/device/quota.h"
#include "shim/device/space.h"
#include "shim/system/file_system_type.h"

namespace seqshim {
namespace {

uint32_t number_in(const std::string& path) {
  std::ifstream file(path);
  uint32_t number = 0;
  return file >> number ? number : 0;
}

/// By the block device that is mounted; a partition's queue is its disk's.
uint32_t logical_block_of(const std::string& source) {
  struct stat facts {};
  if (stat(source.c_str(), &facts) != 0 || !S_ISBLK(facts.st_mode)) return 0;
  const std::string device =
      fmt::format("/sys/dev/block/{}:{}", major(facts.st_rdev), minor(facts.st_rdev));
  const uint32_t own = number_in(device + "/queue/logical_block_size");
  return own != 0 ? own : number_in(device + "/../queue/logical_block_size");
}

std::optional<uint32_t> direct_alignment_of(const std::string& file) {
#ifdef STATX_DIOALIGN
  struct statx facts {};
  if (statx(AT_FDCWD, file.c_str(), 0, STATX_DIOALIGN, &facts) == 0 &&
      (facts.stx_mask & STATX_DIOALIGN) != 0)
    return facts.stx_dio_offset_align;
#else
  (void)file;
#endif
  return std::nullopt;
}

void look_at_file_system(PathFacts& facts) {
  const int fd = open(facts.place.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  facts.mount = mount_of(fd);
  facts.type = sys::file_system_type(fd);
  struct statvfs space {};
  if (fstatvfs(fd, &space) == 0) {
    facts.read_only = (space.f_flag & ST_RDONLY) != 0;
    facts.left = uint64_t{space.f_bavail} * space.f_frsize;
    facts.total = uint64_t{space.f_blocks} * space.f_frsize;
    facts.inodes_left = space.f_favail;
    facts.inodes = space.f_files;
  }
  close(fd);
}

/// Of whoever owns the file, or will: of a new one the trial has asked.
uint64_t quota_of(const PathFacts& facts) {
  if (facts.trial.file != WriteTrial::File::kNone && facts.place.kind != Place::Kind::kFile)
    return facts.trial.quota_left;
  const std::string& path = facts.place.name.empty() ? facts.place.directory : facts.place.name;
  const int fd = open(path.c_str(), O_PATH | O_CLOEXEC);
  struct stat status {};
  uint64_t left = UINT64_MAX;
  if (fd >= 0 && fstat(fd, &status) == 0) left = quota_left(fd, status.st_dev);
  if (fd >= 0) close(fd);
  return left;
}

/// A directory's own name says nothing of its files': any name will do that no pattern is about.
std::string name_to_match(const Place& place) {
  if (!place.name.empty()) return place.name;
  return std::filesystem::path(place.directory) / "\x01";
}

}  // namespace

PathFacts examine_path(const std::string& path, const std::string& patterns, const Config& config) {
  PathFacts facts;
  facts.place = look_at_place(path);
  facts.patterns = patterns;
  facts.piece = config.cluster;
  facts.margin = margin_beyond(config.memory);
  facts.appends = config.append;
  if (facts.place.kind == Place::Kind::kUnreachable) return facts;
  facts.decision = decide_by_patterns(patterns, name_to_match(facts.place));
  if (facts.place.kind == Place::Kind::kOther) return facts;
  look_at_file_system(facts);
  if (facts.mount) facts.logical_block = logical_block_of(facts.mount->source);
  if (facts.place.kind == Place::Kind::kFile)
    facts.direct_alignment = direct_alignment_of(facts.place.name);
  const bool kernels_own = facts.mount && kind_of_mount(facts.mount->type) == MountKind::kKernel;
  if (!kernels_own)
    facts.trial = try_to_write({facts.place.directory, facts.piece, facts.margin, facts.left});
  facts.quota_left = quota_of(facts);
  return facts;
}

}  // namespace seqshim
