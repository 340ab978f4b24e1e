#include "shim/device/space.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <algorithm>

#include "shim/device/quota.h"
#include "shim/system/file_system_type.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// Where a block that fallocate has reserved is one that a write can't fail to get. Not on btrfs:
/// a write there may want room for metadata too.
bool reservations_hold(const struct statfs& facts) {
  const auto type = static_cast<unsigned long>(facts.f_type);
  return type == EXT4_SUPER_MAGIC || type == sys::kXfs;
}

/// What only the owner of a file may do: see Space::trim().
bool may_lease(const struct stat& facts) {
  const long user = sys::call(__NR_geteuid);
  return user == 0 || user == static_cast<long>(facts.st_uid);
}

}  // namespace

Space::Verdict Space::ask(const Request& request) {
  struct statfs facts;
  if (sys::call_with(__NR_fstatfs, request.fd, &facts) != 0) return Verdict::kNever;
  // The blocks that are kept for root aren't counted: reserve() finds out who may have them.
  uint64_t left = uint64_t{facts.f_bavail} * static_cast<uint64_t>(facts.f_bsize);
  left = std::min(left, quota_left(request.fd, request.device));
  if (left >= request.margin + request.cluster_size) return Verdict::kGranted;
  if (!request.may_reserve || !reservations_hold(facts)) return Verdict::kNever;
  return reserve(request);
}

Space::Verdict Space::reserve(const Request& request) {
  struct stat facts;
  if (sys::call_with(__NR_fstat, request.fd, &facts) != 0) return Verdict::kNever;
  // Below the end there may be holes, which are to stay, and blocks shared with other files.
  if (facts.st_size > request.from || !may_lease(facts)) return Verdict::kNever;
  const auto size = static_cast<int64_t>(request.cluster_size);
  if (request.from < size) return Verdict::kNotYet;  // a small file isn't worth it
  const int64_t to = (request.from | (size - 1)) + 1;
  if (to <= reserved_to_) return Verdict::kGranted;
  long result;
  do {
    result = sys::call_with(__NR_fallocate, request.fd, FALLOC_FL_KEEP_SIZE, request.from,
                            to - request.from);
  } while (result == -EINTR);
  if (result != 0) return Verdict::kNever;
  reserved_to_ = to;
  return Verdict::kGranted;
}

void Space::trim(int fd) {
  const int64_t reserved_to = reserved_to_;
  reserved_to_ = 0;
  struct stat facts;
  if (reserved_to == 0 || sys::call_with(__NR_fstat, fd, &facts) != 0) return;
  if (facts.st_size >= reserved_to) return;
  // While we hold the lease, nobody else has the file open; who opens it now waits for these few
  // calls, and the signal that tells us so is one that is ignored by default.
  sys::call_with(__NR_fcntl, fd, F_SETSIG, SIGURG);
  if (sys::call_with(__NR_fcntl, fd, F_SETLEASE, F_WRLCK) == 0) {
    if (sys::call_with(__NR_fstat, fd, &facts) == 0)
      sys::call_with(__NR_ftruncate, fd, facts.st_size);
    sys::call_with(__NR_fcntl, fd, F_SETLEASE, F_UNLCK);
  }
  sys::call_with(__NR_fcntl, fd, F_SETSIG, 0);
}

}  // namespace seqshim
