#include "shim/profile/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "shim/config/pattern.h"
#include "shim/profile/call_path.h"
#include "shim/profile/modules.h"
#include "shim/system/file_system_type.h"
#include "shim/system/map_pages.h"
#include "shim/system/proc_path.h"
#include "shim/system/put_text.h"

namespace seqshim::profiling {
namespace {

constinit Header* header = nullptr;    // null: nothing is noted
constinit State* the_state = nullptr;  // there if the header is
constinit std::atomic<bool> stopped = false;
constinit PatternList patterns;
constinit char arguments[kPathBytes];

bool active() { return the_state != nullptr && !stopped.load(std::memory_order_relaxed); }

uint64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

/// A call that came while nothing could be noted.
void miss(const State& state) {
  if (state.slot != nullptr) state.slot->process.missed.fetch_add(1, std::memory_order_relaxed);
}

// The slot -----------------------------------------------------------------------------------

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

void fill_process(ProcessRecord& process) {
  char path[PATH_MAX];
  const long length =
      sys::call_with(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof path - 1);
  path[std::max(length, 0L)] = '\0';
  put_end(process.program, path);
  std::copy(std::begin(arguments), std::end(arguments), process.arguments);
  process.pid = static_cast<int32_t>(sys::call_with(__NR_getpid));
  process.start_ns = process.last_ns = now();
  process.used.store(1, std::memory_order_release);
}

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
  fill_process(slot->process);
  state.sampler.start(header->every,
                      slot->process.start_ns ^ (static_cast<uint64_t>(slot->process.pid) << 32));
  state.slot = slot;
  return true;
}

// Files --------------------------------------------------------------------------------------

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

FileNumber list_file(State& state, int fd, const struct statx& facts, uint16_t& place) {
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

/// The number of a regular file that `fd` leads to, which is listed now if it is to be.
FileNumber file_of(State& state, int fd, const struct statx& facts) {
  const FileId id = id_of(facts);
  const uint32_t hash = hash_of(id);
  FileId& ignored = state.ignored[hash % state.ignored.size()];
  if (ignored == id) return kIgnored;
  size_t at = hash % state.files_by_id.size();
  while (state.slot != nullptr && state.files_by_id[at] != 0) {
    if (is_record_of(state.slot->files[state.files_by_id[at] - 1U], facts))
      return state.files_by_id[at];
    at = (at + 1) % state.files_by_id.size();
  }
  if (!patterns.matches(path_of(fd, facts.stx_nlink == 0))) {
    ignored = id;
    return kIgnored;
  }
  return attach(state) ? list_file(state, fd, facts, state.files_by_id[at]) : kIgnored;
}

bool is_regular(int fd, struct statx& facts) {
  // As it is known here: other machines aren't asked, nor is anything written out for it.
  constexpr int kFlags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  constexpr unsigned kWanted = STATX_TYPE | STATX_NLINK | STATX_INO | STATX_SIZE | STATX_BTIME;
  return sys::call_with(__NR_statx, fd, "", kFlags, kWanted, &facts) == 0 &&
         S_ISREG(facts.stx_mode);
}

/// Flags of the open description, once for each file that a descriptor leads to.
bool appends(State& state, int fd, FileNumber file) {
  SeenDescriptor* const seen = state.seen(fd);
  if (seen != nullptr && seen->file.load(std::memory_order_relaxed) == file)
    return seen->appends.load(std::memory_order_relaxed);
  const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
  if (flags < 0) return false;
  if (is_listed(file)) state.slot->files[file - 1].flags |= static_cast<uint32_t>(flags);
  return (flags & O_APPEND) != 0;
}

/// Asks the kernel which file it is, and how large.
bool look_up(State& state, Sighting& sighting) {
  struct statx facts;
  if (!is_regular(sighting.fd, facts)) return false;
  const Hold hold(state);
  if (!hold) return miss(state), false;
  sighting.file = file_of(state, sighting.fd, facts);
  sighting.appends = appends(state, sighting.fd, sighting.file);
  const auto size = static_cast<int64_t>(facts.stx_size);
  if (sighting.appends) sighting.offset = size;
  if (is_listed(sighting.file)) state.slot->files[sighting.file - 1].pattern.refresh(size);
  return true;
}

/// Whether the descriptor's position is where the last call noted there has left it.
bool continues(State& state, Sighting& sighting) {
  SeenDescriptor* const seen = state.seen(sighting.fd);
  if (seen == nullptr) return false;
  sighting.file = seen->file.load(std::memory_order_relaxed);
  sighting.appends = seen->appends.load(std::memory_order_relaxed);
  return sighting.file != kUnknown && seen->next.load(std::memory_order_relaxed) == sighting.offset;
}

// Call sites -----------------------------------------------------------------------------------

uint64_t hash_of_path(const CallPath& path, Via via) {
  uint64_t hash = static_cast<uint64_t>(via) + 1;
  for (uint16_t i = 0; i < path.depth; ++i)
    hash = ((hash ^ path.frames[i]) * 0x9e3779b97f4a7c15) ^ (hash >> 29);
  return hash ^ (hash >> 32);
}

bool is_record_of(const StackRecord& record, const CallPath& path, Via via) {
  return record.via == via && record.depth == path.depth && record.cut == path.cut &&
         std::equal(path.frames.begin(), path.frames.begin() + path.depth, record.frames.begin());
}

StackRecord* list_stack(State& state, const CallPath& path, Via via, uint16_t& place) {
  if (state.stacks == kMaxStacks) return nullptr;
  StackRecord& record = state.slot->stacks[state.stacks];
  if (!populate(&record, sizeof record)) return nullptr;
  note_modules(state, path);
  record.via = via;
  record.depth = path.depth;
  record.cut = path.cut;
  std::copy_n(path.frames.begin(), path.depth, record.frames.begin());
  record.used.store(1, std::memory_order_release);
  place = static_cast<uint16_t>(++state.stacks);
  return &record;
}

/// Null: there is no more room.
StackRecord* stack_of(State& state, const CallPath& path, Via via) {
  size_t at = hash_of_path(path, via) % state.stacks_by_frames.size();
  while (state.stacks_by_frames[at] != 0) {
    StackRecord& record = state.slot->stacks[state.stacks_by_frames[at] - 1U];
    if (is_record_of(record, path, via)) return &record;
    at = (at + 1) % state.stacks_by_frames.size();
  }
  return list_stack(state, path, via, state.stacks_by_frames[at]);
}

/// A call, and how many it stands for.
struct Sample {
  Via via;
  uint64_t bytes, write_ns;
  double weight;
};

void add_sample(State& state, const CallPath& path, const Sample& sample) {
  const double bytes = static_cast<double>(sample.bytes) * sample.weight;
  const double write_ns = static_cast<double>(sample.write_ns) * sample.weight;
  if (StackRecord* const stack = stack_of(state, path, sample.via)) {
    ++stack->samples;
    stack->calls += sample.weight;
    stack->bytes += bytes;
    stack->write_ns += write_ns;
    return;
  }
  ProcessRecord& process = state.slot->process;
  ++process.unlisted_samples;
  process.calls_of_unlisted_stacks += sample.weight;
  process.bytes_of_unlisted_stacks += bytes;
  process.ns_of_unlisted_stacks += write_ns;
}

void look_at_call_site(State& state, const Sample& sample, uint64_t since_ns) {
  CallPath path;
  walk(path);
  const Hold hold(state);
  if (!hold || state.slot == nullptr) return;
  add_sample(state, path, sample);
  const uint64_t cost_ns = now() - since_ns;
  ++state.slot->process.samples;
  state.slot->process.sampling_ns += cost_ns;
  state.sampler.spent(cost_ns);
}

// Calls ----------------------------------------------------------------------------------------

/// Where the call began: what other threads have written since it was looked up is noted already.
int64_t place_of(const Sighting& sighting, const SeenDescriptor* seen) {
  const bool moved = sighting.continues && seen != nullptr &&
                     seen->file.load(std::memory_order_relaxed) == sighting.file;
  return moved ? seen->next.load(std::memory_order_relaxed) : sighting.offset;
}

void remember(SeenDescriptor& seen, const Sighting& sighting, int64_t next) {
  constexpr int64_t kNowhere = -1;
  if (sighting.at_position)
    seen.next.store(next, std::memory_order_relaxed);
  else if (seen.file.load(std::memory_order_relaxed) != sighting.file)
    seen.next.store(kNowhere, std::memory_order_relaxed);
  seen.appends.store(sighting.appends, std::memory_order_relaxed);
  seen.file.store(sighting.file, std::memory_order_relaxed);
}

/// Returns how many calls this one stands for; 0: its call site isn't looked at.
double note(State& state, const Sighting& sighting, size_t asked, ssize_t written,
            uint64_t end_ns) {
  SeenDescriptor* const seen = state.seen(sighting.fd);
  const int64_t offset = place_of(sighting, seen);
  if (written > 0 && seen != nullptr) remember(*seen, sighting, offset + written);
  if (sighting.file == kIgnored || state.slot == nullptr) return 0;
  ProcessRecord& process = state.slot->process;
  process.last_ns = std::max(process.last_ns, end_ns);
  AccessPattern* const pattern =
      is_listed(sighting.file) ? &state.slot->files[sighting.file - 1].pattern : nullptr;
  if (written < 0) {
    if (pattern != nullptr) ++pattern->failed;
    return 0;
  }
  const auto bytes = static_cast<uint64_t>(written);
  if (pattern != nullptr) {
    pattern->note({offset, asked == kAnyNumber ? bytes : asked, bytes, sighting.start_ns, end_ns});
  } else {
    ++process.calls_of_unlisted_files;
    process.bytes_of_unlisted_files += bytes;
    process.ns_of_unlisted_files += end_ns - sighting.start_ns;
  }
  return state.sampler.draw(bytes, end_ns - sighting.start_ns, end_ns);
}

// Start-up -------------------------------------------------------------------------------------

const char* variable_in(char** environment) {
  constexpr size_t kLength = sizeof kVariable - 1;
  for (; environment != nullptr && *environment != nullptr; ++environment)
    if (std::strncmp(*environment, kVariable, kLength) == 0 && (*environment)[kLength] == '=')
      return *environment + kLength + 1;
  return nullptr;
}

Header* map_header(const char* path) {
  const long fd = sys::call_with(__NR_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return nullptr;
  struct stat facts;
  void* memory = nullptr;
  if (sys::call_with(__NR_fstat, fd, &facts) == 0 &&
      facts.st_size >= static_cast<off_t>(kHeaderBytes))
    memory = sys::map_pages(kHeaderBytes, MAP_SHARED, static_cast<int>(fd));
  sys::call_with(__NR_close, fd);
  auto* const found = static_cast<Header*>(memory);
  if (found == nullptr) return nullptr;
  if (std::memcmp(found->magic, kMagic, sizeof kMagic) == 0 && found->slot_size == sizeof(Slot))
    return found;
  sys::unmap_pages(found, kHeaderBytes);
  return nullptr;
}

State* map_state() {
  void* const memory = sys::map_pages(sizeof(State));
  if (memory == nullptr) return nullptr;
  if (sys::call_with(__NR_madvise, memory, sizeof(State), MADV_WIPEONFORK) == 0)
    return static_cast<State*>(memory);
  sys::unmap_pages(memory, sizeof(State));
  return nullptr;
}

/// Now: many programs write over them later.
void keep_arguments(int count, char** words) {
  size_t length = 0;
  for (int i = 0; i < count && words[i] != nullptr; ++i) {
    for (const char* byte = i > 0 ? " " : ""; *byte != '\0' && length + 1 < sizeof arguments;)
      arguments[length++] = *byte++;
    for (const char* byte = words[i]; *byte != '\0' && length + 1 < sizeof arguments;)
      arguments[length++] = *byte++;
  }
}

}  // namespace

bool start(int count, char** words, char** environment) {
  const char* const path = variable_in(environment);
  if (path == nullptr) return false;
  header = map_header(path);
  if (header == nullptr) return false;
  patterns = PatternList(header->patterns);
  patterns.resolve_directories();
  keep_arguments(count, words);
  the_state = map_state();
  return the_state != nullptr;
}

void note_blind_streams() { header->blind_to_streams.store(1, std::memory_order_relaxed); }

void stop() {
  if (!active()) return;
  stopped.store(true, std::memory_order_relaxed);
  if (the_state->slot != nullptr)
    the_state->slot->process.sandboxed.store(1, std::memory_order_relaxed);
}

bool before_write(Sighting& sighting, int fd, int64_t offset) {
  if (!active()) return false;
  sighting.fd = fd;
  sighting.at_position = offset == kAtPosition;
  sighting.offset = offset;
  sighting.continues = false;
  if (sighting.at_position) {
    sighting.offset = sys::call_with(__NR_lseek, fd, 0L, SEEK_CUR);
    // A pipe, a socket or a terminal.
    if (sighting.offset < 0) return false;
    sighting.continues = continues(*the_state, sighting);
  }
  if (!sighting.continues && !look_up(*the_state, sighting)) return false;
  sighting.start_ns = now();
  return true;
}

void after_write(const Sighting& sighting, Via via, size_t asked, ssize_t written) {
  const uint64_t end_ns = now();
  const int saved = errno;
  double weight = 0;
  if (const Hold hold(*the_state); hold)
    weight = note(*the_state, sighting, asked, written, end_ns);
  else
    miss(*the_state);
  if (weight > 0) {
    const Sample sample{via, static_cast<uint64_t>(written), end_ns - sighting.start_ns, weight};
    look_at_call_site(*the_state, sample, end_ns);
  }
  errno = saved;
}

bool before_sync(Sighting& sighting, int fd) {
  if (!active()) return false;
  sighting = {};
  sighting.fd = fd;
  if (!look_up(*the_state, sighting) || !is_listed(sighting.file)) return false;
  sighting.start_ns = now();
  return true;
}

void after_sync(const Sighting& sighting) {
  const uint64_t end_ns = now();
  const Hold hold(*the_state);
  if (!hold || the_state->slot == nullptr) return miss(*the_state);
  AccessPattern& pattern = the_state->slot->files[sighting.file - 1].pattern;
  ++pattern.syncs;
  pattern.sync_ns += end_ns - sighting.start_ns;
}

void forget(int fd) {
  if (the_state == nullptr) return;
  if (SeenDescriptor* const seen = the_state->seen(fd))
    seen->file.store(kUnknown, std::memory_order_relaxed);
}

void note_lock(int fd) {
  Sighting sighting{};
  if (!active()) return;
  sighting.fd = fd;
  if (!look_up(*the_state, sighting) || !is_listed(sighting.file)) return;
  const Hold hold(*the_state);
  if (hold && the_state->slot != nullptr) the_state->slot->files[sighting.file - 1].locked = true;
}

}  // namespace seqshim::profiling
