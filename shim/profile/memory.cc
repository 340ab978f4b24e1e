#include "shim/profile/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <cstring>

#include "shim/config/pattern.h"
#include "shim/system/map_pages.h"
#include "shim/system/put_text.h"
#include "shim/system/sealed_file.h"

namespace seqshim::profiling {
namespace {

constinit Header* header = nullptr;
constinit PatternList patterns;
constinit char arguments[kPathBytes];
constinit std::atomic<bool> stopped = false;
constinit std::atomic<State*> process_state = nullptr;

/// A page that the kernel empties in forked children: zero is one that has no state of its own yet.
enum Belonging : uint32_t { kToParent, kToNobody, kToThis };
constinit std::atomic<uint32_t>* belonging = nullptr;  // null: nothing is noted

// The state ------------------------------------------------------------------------------------

/// The parent's is left as it is: the fork may have come in a signal handler, and what that has
/// interrupted goes on with it in the child.
State* renewed_state() {
  uint32_t expected = kToParent;
  if (!belonging->compare_exchange_strong(expected, kToNobody)) return nullptr;
  auto* const state = static_cast<State*>(sys::map_pages(sizeof(State)));
  process_state.store(state, std::memory_order_relaxed);
  belonging->store(kToThis, std::memory_order_release);
  return state;
}

bool map_belonging() {
  constexpr size_t kPage = 4096;
  void* const page = sys::map_pages(kPage);
  if (page == nullptr) return false;
  if (sys::call_with(__NR_madvise, page, kPage, MADV_WIPEONFORK) != 0) return false;
  belonging = static_cast<std::atomic<uint32_t>*>(page);
  return renewed_state() != nullptr;
}

// The slot -------------------------------------------------------------------------------------

/// Maps a slot anew from the header's own mapping: there may be no number left to open the memory
/// by, nor a name, once the program is in another root or of another user.
Slot* map_slot(uint32_t index) {
  const size_t before = offset_of_slot(index);
  // mremap() would fill what it maps if the program has its memory locked.
  sys::call_with(__NR_munlock, header, kHeaderBytes);
  const long start =
      sys::call_with(__NR_mremap, header, 0, before + kSlotBytes, MREMAP_MAYMOVE, nullptr);
  if (start < 0 && start > -4096) return nullptr;
  sys::unmap_pages(reinterpret_cast<void*>(start), before);
  return reinterpret_cast<Slot*>(start + static_cast<long>(before));
}

void fill(ProcessRecord& process) {
  static constinit char path[PATH_MAX];  // the state is held
  const long length =
      sys::call_with(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof path - 1);
  path[std::max(length, 0L)] = '\0';
  put_end(process.program, path);
  std::copy(std::begin(arguments), std::end(arguments), process.arguments);
  process.pid = static_cast<int32_t>(sys::call_with(__NR_getpid));
  process.start_ns = process.last_ns = now_ns();
  process.used.store(1, std::memory_order_release);
}

uint64_t read_clock(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

// Start-up -------------------------------------------------------------------------------------

const char* variable_in(char** environment) {
  constexpr size_t kLength = sizeof kVariable - 1;
  for (; environment != nullptr && *environment != nullptr; ++environment)
    if (std::strncmp(*environment, kVariable, kLength) == 0 && (*environment)[kLength] == '=')
      return *environment + kLength + 1;
  return nullptr;
}

bool is_ours(const Header& found) {
  return std::memcmp(found.magic, kMagic, sizeof kMagic) == 0 && found.slot_size == sizeof(Slot);
}

Header* map_header(const char* path) {
  const int fd = sys::open_sealed_file(
      path, [](off_t size) { return size >= static_cast<off_t>(kHeaderBytes); });
  if (fd < 0) return nullptr;
  void* const memory = sys::map_pages(kHeaderBytes, MAP_SHARED, fd);
  sys::call_with(__NR_close, fd);
  auto* const found = static_cast<Header*>(memory);
  if (found == nullptr || is_ours(*found)) return found;
  sys::unmap_pages(found, kHeaderBytes);
  return nullptr;
}

/// Now: many programs write over them later.
void keep_arguments(int count, char** words) {
  size_t length = 0;
  const auto append = [&](const char* text) {
    while (*text != '\0' && length + 1 < sizeof arguments) arguments[length++] = *text++;
  };
  for (int i = 0; i < count && words[i] != nullptr; ++i) {
    if (i > 0) append(" ");
    append(words[i]);
  }
}

}  // namespace

bool find_memory(int count, char** words, char** environment) {
  const char* const path = variable_in(environment);
  if (path == nullptr) return false;
  header = map_header(path);
  if (header == nullptr) return false;
  patterns = PatternList(header->patterns);
  patterns.resolve_directories();
  keep_arguments(count, words);
  return map_belonging();
}

State* known_state() {
  if (belonging == nullptr || stopped.load(std::memory_order_relaxed)) return nullptr;
  const bool known = belonging->load(std::memory_order_acquire) == kToThis;
  return known ? process_state.load(std::memory_order_relaxed) : nullptr;
}

State* current_state() {
  State* const state = known_state();
  if (state != nullptr || belonging == nullptr || stopped.load(std::memory_order_relaxed))
    return state;
  return renewed_state();
}

bool is_watched(std::string_view path) { return patterns.matches(path); }

bool attach(State& state) {
  if (state.slot != nullptr) return true;
  if (state.gave_up) return false;
  const uint32_t index = header->claimed.fetch_add(1, std::memory_order_relaxed);
  Slot* const slot = index < header->slots ? map_slot(index) : nullptr;
  if (slot == nullptr || !populate(&slot->process, sizeof slot->process)) {
    header->turned_away.fetch_add(1, std::memory_order_relaxed);
    state.gave_up = true;
    return false;
  }
  fill(slot->process);
  const uint64_t seed = slot->process.start_ns ^ (static_cast<uint64_t>(slot->process.pid) << 32);
  state.sampler.start(header->every, seed);
  state.slot = slot;
  return true;
}

void stop_noting() {
  const State* const state = current_state();
  stopped.store(true, std::memory_order_relaxed);
  if (state != nullptr && state->slot != nullptr)
    state->slot->process.sandboxed.store(1, std::memory_order_relaxed);
}

void note_blind_streams() { header->blind_to_streams.store(1, std::memory_order_relaxed); }

bool populate(void* memory, size_t bytes) {
#ifndef MADV_POPULATE_WRITE
  constexpr int MADV_POPULATE_WRITE = 23;
#endif
  constexpr uintptr_t kPage = 4096;
  const uintptr_t start = reinterpret_cast<uintptr_t>(memory) & -kPage;
  const uintptr_t end = (reinterpret_cast<uintptr_t>(memory) + bytes + kPage - 1) & -kPage;
  const long result = sys::call_with(__NR_madvise, start, end - start, MADV_POPULATE_WRITE);
  // Before Linux 5.14 memory that isn't limited is simply taken.
  return result == 0 || result == -EINVAL;
}

uint64_t now_ns() { return read_clock(CLOCK_MONOTONIC); }

uint64_t thread_ns() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

}  // namespace seqshim::profiling
