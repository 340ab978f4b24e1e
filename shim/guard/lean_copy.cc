#include "shim/guard/lean_copy.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <atomic>

#include "shim/system/own_object.h"
#include "shim/system/single_threaded.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// What is smaller is copied sooner than it is left out.
constexpr size_t kLeastBytes = 512 * 1024;
/// As many pages are copied sooner than the mappings are looked at.
constexpr uint64_t kFewPages = 256;
constexpr size_t kMostLeftOut = 64;

// Of the one that lives.
constinit AddressRange left_out[kMostLeftOut]{};
constinit size_t count_left_out = 0;
constinit std::atomic<bool> program_advises{false};

/// A file of /proc, byte by byte. One at a time.
class Text {
 public:
  explicit Text(const char* path)
      : fd_(sys::call_with(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0)) {}
  ~Text() {
    if (fd_ >= 0) sys::call_with(__NR_close, fd_);
  }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  /// 0: the end.
  char next() {
    if (at_ == end_) refill();
    return at_ < end_ ? buffer[at_++] : '\0';
  }

  /// What the digits from here on amount to; `behind` is what comes behind them.
  uint64_t number(unsigned base, char& behind) {
    uint64_t value = 0;
    for (unsigned digit; (digit = digit_of(behind = next())) < base;) value = value * base + digit;
    return value;
  }

 private:
  static unsigned digit_of(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    return UINT32_MAX;
  }
  void refill() {
    const long bytes = fd_ < 0 ? 0 : sys::call_with(__NR_read, fd_, buffer, sizeof buffer);
    at_ = 0;
    end_ = bytes > 0 ? static_cast<size_t>(bytes) : 0;
  }

  static constinit char buffer[4096];
  const long fd_;
  size_t at_ = 0, end_ = 0;
};
constinit char Text::buffer[4096]{};

/// Pages that no file has: "size resident shared".
uint64_t own_pages() {
  Text text("/proc/self/statm");
  char behind;
  text.number(10, behind);
  const uint64_t resident = text.number(10, behind);
  const uint64_t shared = text.number(10, behind);
  return resident > shared ? resident - shared : 0;
}

void advise(const AddressRange& range, int advice) {
  sys::call_with(__NR_madvise, range.start, range.bytes(), advice);
}

/// "START-END rwxp OFFSET DEVICE INODE   NAME\n". False: there is no more.
bool read_mapping(Text& text, AddressRange& range, bool& is_private) {
  char c;
  range.start = text.number(16, c);
  if (c != '-') return false;
  range.end = text.number(16, c);
  for (int i = 0; i < 4; ++i) c = text.next();
  is_private = c == 'p';
  while (c != '\n' && c != '\0') c = text.next();
  return true;
}

void leave_out_large_ones(const void* kept) {
  // The stack may grow meanwhile, and what it grew by would keep the advice.
  const auto stack = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const auto address = reinterpret_cast<uintptr_t>(kept);
  const AddressRange own = own_object();
  Text text("/proc/self/maps");
  AddressRange range;
  for (bool is_private; count_left_out < kMostLeftOut && read_mapping(text, range, is_private);) {
    if (!is_private || range.bytes() < kLeastBytes || range.meets(own) || range.holds(stack) ||
        range.holds(address))
      continue;
    advise(range, MADV_DONTFORK);
    left_out[count_left_out++] = range;
  }
}

}  // namespace

LeanCopy::LeanCopy(const void* kept) {
  count_left_out = 0;
  if (!__libc_single_threaded || program_advises.load(std::memory_order_relaxed)) return;
  if (own_pages() > kFewPages) leave_out_large_ones(kept);
}

LeanCopy::~LeanCopy() {
  while (count_left_out > 0) advise(left_out[--count_left_out], MADV_DOFORK);
}

void note_advice(int advice) {
  if (advice == MADV_DONTFORK) program_advises.store(true, std::memory_order_relaxed);
}

}  // namespace seqshim
