#include "shim/profile/file_list.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <string_view>

#include "shim/profile/memory.h"
#include "shim/system/file_system_type.h"
#include "shim/system/proc_path.h"
#include "shim/system/put_text.h"

namespace seqshim::profiling {
namespace {

constinit char path_buffer[PATH_MAX];  // the state is held

/// As the kernel names it; of one that has no name any more, the last it had.
std::string_view path_of(int fd, bool is_removed) {
  constexpr std::string_view kRemoved = " (deleted)";
  const long length = sys::call_with(__NR_readlinkat, AT_FDCWD, ProcPath(fd).text, path_buffer,
                                     sizeof path_buffer - 1);
  std::string_view path(path_buffer, static_cast<size_t>(std::max(length, 0L)));
  if (is_removed && path.ends_with(kRemoved)) path.remove_suffix(kRemoved.size());
  path_buffer[path.size()] = '\0';
  return path;
}

FileId id_of(const struct statx& facts) {
  return {makedev(facts.stx_dev_major, facts.stx_dev_minor), facts.stx_ino};
}

int64_t birth_of(const struct statx& facts) {
  if ((facts.stx_mask & STATX_BTIME) == 0) return 0;
  return facts.stx_btime.tv_sec * 1'000'000'000 + facts.stx_btime.tv_nsec;
}

bool is_record_of(const FileRecord& record, const struct statx& facts) {
  return FileId{record.device, record.inode} == id_of(facts) && record.born_ns == birth_of(facts);
}

FileNumber add_file(State& state, int fd, const struct statx& facts, uint16_t& place) {
  if (state.files == kMaxFiles) return kUnlisted;
  FileRecord& record = state.slot->files[state.files];
  if (!populate(&record, sizeof record)) return kUnlisted;
  record.device = id_of(facts).device;
  record.inode = facts.stx_ino;
  record.born_ns = birth_of(facts);
  record.file_system = sys::file_system_type(fd);
  put_end(record.path, path_buffer);
  record.used.store(1, std::memory_order_release);
  place = static_cast<uint16_t>(++state.files);
  return state.files;
}

FileNumber file_of(State& state, int fd, const struct statx& facts) {
  const FileId id = id_of(facts);
  const uint32_t hash = hash_of(id);
  FileId& ignored = state.ignored[hash % state.ignored.size()];
  if (ignored == id) return kIgnored;
  size_t at = hash % state.files_by_id.size();
  while (state.files_by_id[at] != 0) {
    if (is_record_of(state.slot->files[state.files_by_id[at] - 1U], facts))
      return state.files_by_id[at];
    at = (at + 1) % state.files_by_id.size();
  }
  if (!is_watched(path_of(fd, facts.stx_nlink == 0))) {
    ignored = id;
    return kIgnored;
  }
  return attach(state) ? add_file(state, fd, facts, state.files_by_id[at]) : kIgnored;
}

bool is_regular(int fd, struct statx& facts) {
  // As it is known here: no other machine is asked, and nothing written out for it.
  constexpr int kFlags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  constexpr unsigned kWanted = STATX_TYPE | STATX_NLINK | STATX_INO | STATX_SIZE | STATX_BTIME;
  return sys::call_with(__NR_statx, fd, "", kFlags, kWanted, &facts) == 0 &&
         S_ISREG(facts.stx_mode);
}

/// The flags of the open description are asked for once for each file that a descriptor leads to.
bool appends(State& state, int fd, FileNumber file) {
  const SeenDescriptor* const seen = state.seen(fd);
  if (seen != nullptr && seen->file.load(std::memory_order_relaxed) == file)
    return seen->appends.load(std::memory_order_relaxed);
  const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
  if (flags < 0) return false;
  if (is_listed(file)) state.slot->files[file - 1].flags |= static_cast<uint32_t>(flags);
  return (flags & O_APPEND) != 0;
}

}  // namespace

bool look_up_file(State& state, int fd, FileFacts& found) {
  struct statx facts;
  if (!is_regular(fd, facts)) return false;
  found.file = file_of(state, fd, facts);
  found.appends = appends(state, fd, found.file);
  found.size = static_cast<int64_t>(facts.stx_size);
  return true;
}

}  // namespace seqshim::profiling
