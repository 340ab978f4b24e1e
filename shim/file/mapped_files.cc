#include "shim/file/mapped_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <optional>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// Two keys, which nearly never are another file's; neither is 0.
struct Identity {
  uint64_t by_number;  // of the device and the inode's number, which is given out again
  uint64_t by_birth;   // and of the time it was made; the same as by_number if nobody knows that
  bool is_refused;     // by a sandbox
};

uint64_t mixed(uint64_t x) {  // splitmix64's
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

uint64_t key_of(uint64_t device, uint64_t inode, uint64_t birth) {
  return mixed(mixed(mixed(device) ^ inode) ^ birth) | 1;
}

std::optional<Identity> identity_by_number(int fd) {
  struct stat facts;
  if (sys::call_with(__NR_fstat, fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
  const uint64_t key = key_of(facts.st_dev, facts.st_ino, 0);
  return Identity{key, key, true};
}

/// Nothing: it is no file.
std::optional<Identity> identity_of(int fd) {
  constexpr unsigned kWanted = STATX_TYPE | STATX_INO | STATX_BTIME;
  constexpr int kHow = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  struct statx facts;
  if (sys::call_with(__NR_statx, fd, "", kHow, kWanted, &facts) != 0) return identity_by_number(fd);
  if (!S_ISREG(facts.stx_mode)) return std::nullopt;
  const uint64_t device = makedev(facts.stx_dev_major, facts.stx_dev_minor);
  uint64_t birth = 0;
  if ((facts.stx_mask & STATX_BTIME) != 0)
    birth = static_cast<uint64_t>(facts.stx_btime.tv_sec) << 30 | facts.stx_btime.tv_nsec;
  return Identity{key_of(device, facts.stx_ino, 0), key_of(device, facts.stx_ino, birth), false};
}

}  // namespace

bool MappedFiles::note(int fd) {
  const auto file = identity_of(fd);
  if (!file) return false;
  if (file->by_birth != file->by_number) any_by_birth_.store(true, std::memory_order_relaxed);
  const bool has_room = add(file->by_birth);
  any_.store(true, std::memory_order_release);
  return !has_room && !overflowed_.exchange(true);
}

bool MappedFiles::may_have(int fd) const {
  if (!any_.load(std::memory_order_acquire)) return false;
  if (every_file()) return true;
  const auto file = identity_of(fd);
  if (!file) return false;
  if (file->is_refused && any_by_birth_.load(std::memory_order_relaxed)) return true;
  return has(file->by_birth) || has(file->by_number);
}

/// False: there is no room.
bool MappedFiles::add(uint64_t key) {
  for (size_t i = 0; i < kReach; ++i) {
    std::atomic<uint64_t>& slot = slots_[(key / kReach + i) % kSlots];
    uint64_t found = slot.load(std::memory_order_acquire);
    if (found == 0 && slot.compare_exchange_strong(found, key, std::memory_order_acq_rel))
      return true;
    if (found == key) return true;
  }
  return false;
}

bool MappedFiles::has(uint64_t key) const {
  for (size_t i = 0; i < kReach; ++i) {
    const uint64_t found = slots_[(key / kReach + i) % kSlots].load(std::memory_order_acquire);
    if (found == 0 || found == key) return found == key;
  }
  return false;
}

}  // namespace seqshim
