#include "shim/guard/lean_copy.h"

#include <sys/mman.h>

#include <atomic>

#include "shim/system/own_object.h"
#include "shim/system/proc_text.h"
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

/// One is read at a time.
constinit ProcText::Buffer proc_buffer{};

/// Pages that no file has: "size resident shared".
uint64_t own_pages() {
  ProcText text("/proc/self/statm", proc_buffer);
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
bool read_mapping(ProcText& text, AddressRange& range, bool& is_private) {
  char c;
  range.start = text.number(16, c);
  if (c != '-') return false;
  range.end = text.number(16, c);
  for (int i = 0; i < 4; ++i) c = text.next();
  is_private = c == 'p';
  text.skip_to('\n', c);
  return true;
}

void leave_out_large_ones(const void* kept) {
  // The stack may grow meanwhile, and what it grew by would keep the advice.
  const auto stack = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const auto address = reinterpret_cast<uintptr_t>(kept);
  const AddressRange own = own_object();
  ProcText text("/proc/self/maps", proc_buffer);
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
