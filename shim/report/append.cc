#include "shim/report/append.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include <cerrno>
#include <cstdint>

#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr uint64_t bit(int signal) { return uint64_t{1} << (signal - 1); }

/// Holds off SIGPIPE and SIGXFSZ, which a write() raises in its own thread, and swallows those
/// that came meanwhile; one that was pending before stays pending.
class WriteSignalsBlocked {
 public:
  WriteSignalsBlocked() {
    sys::call_with(__NR_rt_sigpending, &pending_before_, kBytes);
    const uint64_t blocked = kSignals;
    sys::call_with(__NR_rt_sigprocmask, SIG_BLOCK, &blocked, &mask_before_, kBytes);
  }
  ~WriteSignalsBlocked() {
    const uint64_t ours = kSignals & ~pending_before_;
    const timespec at_once{};
    if (ours != 0) {
      while (sys::call_with(__NR_rt_sigtimedwait, &ours, nullptr, &at_once, kBytes) > 0) {
      }
    }
    sys::call_with(__NR_rt_sigprocmask, SIG_SETMASK, &mask_before_, nullptr, kBytes);
  }
  WriteSignalsBlocked(const WriteSignalsBlocked&) = delete;
  WriteSignalsBlocked& operator=(const WriteSignalsBlocked&) = delete;

 private:
  static constexpr size_t kBytes = sizeof(uint64_t);  // of the kernel's signal set
  static constexpr uint64_t kSignals = bit(SIGPIPE) | bit(SIGXFSZ);

  uint64_t pending_before_ = 0;
  uint64_t mask_before_ = 0;
};

}  // namespace

void write_quietly(long fd, std::string_view text) {
  const WriteSignalsBlocked blocked;
  while (!text.empty()) {
    const long written = sys::call_with(__NR_write, fd, text.data(), text.size());
    if (written == -EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

void append_to_file(const char* path, std::string_view text) {
  // O_NONBLOCK: a FIFO that nobody reads must not hold the program up.
  const long fd = sys::call_with(
      __NR_openat, AT_FDCWD, path,
      O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  if (fd < 0) return;
  write_quietly(fd, text);
  sys::call_with(__NR_close, fd);
}

}  // namespace seqshim
