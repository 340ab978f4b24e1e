#include "shim/cli/doctor/path/write_trial.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "shim/device/device.h"
#include "shim/device/private_fds.h"
#include "shim/device/quota.h"
#include "shim/device/residency.h"
#include "shim/device/space.h"
#include "shim/system/proc_path.h"

#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x00000080
#endif

namespace seqshim {
namespace {

constexpr int kMostPieces = 4;

/// The file that is written. A name it has is short-lived, and signals that would end us meanwhile
/// wait until it is gone.
class TrialFile {
 public:
  TrialFile(const std::string& directory, WriteTrial& trial) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &mask_);
    fd_ = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    trial.file = WriteTrial::File::kUnnamed;
    if (fd_ >= 0) return;
    name_ = directory + "/.seqshim-doctor.XXXXXX";
    fd_ = mkostemp(name_.data(), O_CLOEXEC);
    trial.file = fd_ >= 0 ? WriteTrial::File::kUnlinked : WriteTrial::File::kNone;
    if (fd_ >= 0) return;
    trial.make_error = errno;
    name_.clear();
  }
  ~TrialFile() {
    lose_name();
    if (fd_ >= 0) close(fd_);
  }
  TrialFile(const TrialFile&) = delete;
  TrialFile& operator=(const TrialFile&) = delete;

  int fd() const { return fd_; }
  void lose_name() {
    if (!name_.empty()) unlink(name_.c_str());
    name_.clear();
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }

 private:
  int fd_ = -1;
  std::string name_;
  sigset_t mask_;
};

FileId id_of_open(int fd) {
  struct stat facts {};
  fstat(fd, &facts);
  return id_of(facts);
}

struct Free {
  void operator()(std::byte* memory) const { std::free(memory); }
};

/// As the shim does with a file: its device learns from each piece, until one teaches it nothing.
class Pieces {
 public:
  Pieces(int fd, WriteTrial& trial)
      : fd_(fd),
        trial_(trial),
        data_(static_cast<std::byte*>(std::aligned_alloc(trial.piece, trial.piece))),
        device_(id_of_open(fd), pace_) {
    if (data_ != nullptr) std::memset(data_.get(), 's', trial.piece);
  }
  ~Pieces() {
    if (device_.direct_fd() >= 0) close_private(device_.direct_fd());
  }
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  /// Opens the second description.
  void decide() {
    device_.decide(fd_, false);
    trial_.rung = device_.rung();
    trial_.unit = device_.unit();
  }
  void write() {
    if (data_ == nullptr) trial_.write_error = ENOMEM;
    for (int i = 0; i < kMostPieces && data_ != nullptr; ++i) {
      const Rung before = device_.rung();
      if (before == Rung::kPlain || !write_piece(i) || device_.rung() == before) break;
    }
    trial_.rung = device_.rung();
  }

 private:
  bool write_piece(int index) {
    Transfer transfer{};
    transfer.offset = index * static_cast<int64_t>(trial_.piece);
    transfer.data = data_.get();
    transfer.bytes = trial_.piece;
    device_.prepare(transfer, fd_, 0);
    transfer.refusal = nullptr;
    carry_out(transfer);
    const int late_error = device_.learn(transfer);
    if (index == 0) note_first(transfer);
    if (trial_.write_error == 0)
      trial_.write_error = transfer.error != 0 ? transfer.error : late_error;
    return trial_.write_error == 0;
  }

  void note_first(const Transfer& transfer) {
    trial_.direct_error = transfer.direct_error;
    trial_.direct_bytes = transfer.direct_bytes;
    const uint64_t range[2] = {0, 1};
    uint64_t answer[5];
    constexpr long kCachestat = 451;
    const bool stacked = is_stacked(fd_);
    trial_.by_cachestat = !stacked && sys::call_with(kCachestat, fd_, range, answer, 0) == 0;
    trial_.pages_left = resident_pages(fd_, 0, trial_.piece, stacked);
  }

  const int fd_;
  WriteTrial& trial_;
  std::unique_ptr<std::byte, Free> data_;
  Pace pace_;
  Device device_;
};

int error_of_direct_open(int fd) {
  const ProcPath path(fd);
  const int direct = open(path.text, O_WRONLY | O_DIRECT | O_CLOEXEC | O_NONBLOCK);
  if (direct < 0) return errno;
  close(direct);
  return 0;
}

void ask_alignment(int fd, WriteTrial& trial) {
#ifdef STATX_DIOALIGN
  struct statx facts {};
  if (statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &facts) != 0 ||
      (facts.stx_mask & STATX_DIOALIGN) == 0)
    return;
  trial.alignment_known = true;
  trial.memory_alignment = facts.stx_dio_mem_align;
  trial.offset_alignment = facts.stx_dio_offset_align;
#else
  (void)fd;
  (void)trial;
#endif
}

int try_dontcache(int fd) {
  char text[] = "seqshim";
  const iovec vector{text, sizeof text};
  return pwritev2(fd, &vector, 1, 0, RWF_DONTCACHE) < 0 ? errno : 0;
}

int try_reservation(int fd, int64_t from, size_t bytes) {
  const auto length = static_cast<off_t>(bytes);
  return fallocate(fd, FALLOC_FL_KEEP_SIZE, from, length) < 0 ? errno : 0;
}

/// Within the one file: from its first bytes to behind its end.
int try_sharing(int fd, uint64_t end) {
  constexpr uint64_t kWholeBlocks = uint64_t{64} << 10;  // wherever that is
  file_clone_range range{};
  range.src_fd = fd;
  range.src_length = std::min(kWholeBlocks, end);
  range.dest_offset = end;
  return ioctl(fd, FICLONERANGE, &range) < 0 ? errno : 0;
}

void ask_for_space(int fd, const TrialOrder& order, WriteTrial& trial) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return;
  trial.quota_left = quota_left(fd, facts.st_dev);
  Space space;
  const auto piece = static_cast<int64_t>(order.piece);
  // A file's first piece is granted by looking alone.
  const int64_t from = std::max<int64_t>(piece, (facts.st_size + piece - 1) / piece * piece);
  trial.space_granted = space.ask({.fd = fd,
                                   .device = facts.st_dev,
                                   .from = from,
                                   .cluster_size = order.piece,
                                   .margin = order.margin,
                                   .may_reserve = true}) == Space::Verdict::kGranted;
  trial.space_reserved = space.reserves();
}

void try_the_rest(int fd, WriteTrial& trial) {
  struct stat facts {};
  fstat(fd, &facts);
  const auto end = static_cast<uint64_t>(facts.st_size);
  trial.share_error = try_sharing(fd, end);
  trial.dontcache_error = try_dontcache(fd);
  trial.reserve_error = try_reservation(fd, static_cast<int64_t>(end + trial.piece), trial.piece);
}

}  // namespace

WriteTrial try_to_write(const TrialOrder& order) {
  WriteTrial trial;
  trial.piece = order.piece;
  TrialFile file(order.directory, trial);
  if (file.fd() < 0) return trial;
  trial.open_error = error_of_direct_open(file.fd());
  ask_alignment(file.fd(), trial);
  Pieces pieces(file.fd(), trial);
  pieces.decide();
  // Not before: FUSE opens no file again that has lost its name.
  file.lose_name();
  ask_for_space(file.fd(), order, trial);
  trial.too_full = order.left < std::max<uint64_t>(kEnoughForATrial, 2 * kMostPieces * order.piece);
  if (trial.too_full) return trial;
  pieces.write();
  try_the_rest(file.fd(), trial);
  return trial;
}

}  // namespace seqshim
