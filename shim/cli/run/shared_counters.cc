#include "shim/cli/run/shared_counters.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "shim/cli/complain.h"

namespace seqshim {
namespace {

/// Not among the standard streams, which may be closed.
constexpr int kLeastDescriptor = 10;

/// Sealed: nobody who has mapped it may find it shorter. -1: errno tells.
int create_file() {
  const int low = memfd_create("seqshim-progress", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (low < 0) return -1;
  int fd = -1;
  if (ftruncate(low, sizeof(Progress)) == 0 &&
      fcntl(low, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
    fd = fcntl(low, F_DUPFD_CLOEXEC, kLeastDescriptor);
  const int error = errno;
  close(low);
  errno = error;
  return fd;
}

bool is_alive(pid_t process) { return kill(process, 0) == 0 || errno != ESRCH; }

}  // namespace

SharedCounters::~SharedCounters() {
  if (progress_ != nullptr) munmap(progress_, sizeof *progress_);
  if (fd_ >= 0) close(fd_);
}

bool SharedCounters::create() {
  fd_ = create_file();
  if (fd_ >= 0) {
    void* const pages = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
    if (pages != MAP_FAILED) progress_ = static_cast<Progress*>(pages);
  }
  if (progress_ == nullptr)
    complain(fmt::format("can't count what is written: {}", std::strerror(errno)));
  return progress_ != nullptr;
}

std::string SharedCounters::path() const { return fmt::format("/proc/{}/fd/{}", getpid(), fd_); }

Totals SharedCounters::totals() const {
  return {progress_->totals.now(), progress_->files.load(), progress_->files_read.load(),
          progress_->bytes_read.load()};
}

std::vector<WrittenFile> SharedCounters::files() const {
  std::vector<WrittenFile> files;
  for (size_t i = 0; i < Progress::kSlots; ++i) {
    const ProgressSlot& slot = progress_->slots[i];
    if (slot.state.load(std::memory_order_acquire) != ProgressSlot::kShown) continue;
    const pid_t process = slot.process.load(std::memory_order_relaxed);
    if (!is_alive(process)) continue;
    files.push_back({i, process, std::string(slot.path, strnlen(slot.path, sizeof slot.path)),
                     slot.tallies.now()});
  }
  return files;
}

}  // namespace seqshim
