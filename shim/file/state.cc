#include "shim/file/state.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstring>
#include <new>

#include "shim/device/private_fds.h"
#include "shim/file/files.h"
#include "shim/guard/last_words.h"
#include "shim/report/log.h"
#include "shim/system/clock.h"

namespace seqshim {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kStorageBytes = (sizeof(State) + kPage - 1) / kPage * kPage;

// What a forked child does keep.
constinit Config the_config;
constinit bool stdio_seen = false;
constinit bool started = false;
constinit Progress* the_progress = nullptr;
constinit bool progress_sought = false;
constinit RenouncedFiles renounced_files{};
constinit MappedFiles files_mapped{};
constinit std::atomic<bool> ever_live{false};
constinit std::atomic<bool> impossible{false};
// Where the pool of this process lies; a child of it finds nothing mapped there.
struct Range {
  std::byte* base = nullptr;
  size_t bytes = 0;
};
constinit Range pool_range;

/// A fork in a signal handler may have interrupted an append, which in the child goes on copying to
/// where the pool was; it finds out afterwards.
void fill_pool_range() {
  if (pool_range.base != nullptr)
    sys::call_with(__NR_mmap, pool_range.base, pool_range.bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0L);
  pool_range = {};
}

/// A forked child has the mapping, too.
void seek_progress() {
  if (progress_sought || the_config.progress_path == nullptr) return;
  progress_sought = true;
  the_progress = map_progress(the_config.progress_path);
}

void construct() {
  new (state().pool_storage) ClusterPool;
  new (state().writer_storage) Writer;
  new (&state().pace) Pace(the_config.rate);
  seek_progress();
  if (the_config.report == ReportKind::kStderr) state().stderr_copy = kept_open(2);
  if (the_config.report == ReportKind::kJson) state().timeline.begin(now_ns(), calendar_ms());
  state().live.store(true, std::memory_order_release);
}

}  // namespace

alignas(kPage) constinit std::byte state_storage[kStorageBytes]{};

const Config& config() { return the_config; }

Progress* progress() { return the_progress; }

void configure(const Config& config, bool sees_stdio) {
  the_config = config;
  stdio_seen = sees_stdio;
  started = true;
  lock_numbers_by(state().numbers_lock);
  // From the start: a child must not inherit a lock that another thread holds at that moment.
  if (sys::call_with(__NR_madvise, state_storage, kStorageBytes, MADV_WIPEONFORK) == 0) return;
  impossible.store(true, std::memory_order_relaxed);
  log_event(the_config.log_path, "inert", "", "the kernel lacks MADV_WIPEONFORK");
}

bool is_started() { return started || impossible.load(std::memory_order_relaxed); }

bool inert() {
  return (the_config.match.empty() && the_config.read.empty()) ||
         impossible.load(std::memory_order_relaxed);
}

void become_inert() { impossible.store(true, std::memory_order_release); }

RenouncedFiles& renounced() { return renounced_files; }
MappedFiles& mapped_files() { return files_mapped; }

bool sees_stdio() { return stdio_seen; }

bool matches(const char* path) {
  the_config.match.resolve_directories();
  return the_config.match.matches(path);
}

bool matches_read(const char* path) {
  the_config.read.resolve_directories();
  return the_config.read.matches(path);
}

void begin() {
  if (state().live.load(std::memory_order_acquire)) return;
  construct();
  ever_live.store(true, std::memory_order_release);
}

void state_after_fork() {
  if (!ever_live.load(std::memory_order_acquire) || state().live.load(std::memory_order_acquire))
      [[likely]]
    return;
  MutexLock lock(state().pool_lock);
  if (state().live.load(std::memory_order_acquire)) return;
  fill_pool_range();
  close_inherited_private();
  construct();
}

ClusterPool& pool() { return *std::launder(reinterpret_cast<ClusterPool*>(state().pool_storage)); }

Writer& writer() { return *std::launder(reinterpret_cast<Writer*>(state().writer_storage)); }

namespace {

/// Out of the way of the program's own numbers.
void keep_memfd() {
  if (pool().memfd() >= 0) state().pool_file = kept_open(pool().memfd());
  pool().close_descriptor();
}

}  // namespace

bool pool_ready() {
  if (pool().slots() == 0) {
    MutexLock lock(state().pool_lock);
    if (pool().slots() == 0 && !pool().create(config().memory, config().cluster)) return false;
    keep_memfd();
    pool_range = {pool().base(), pool().mapped_bytes()};
  }
  return pool_has_room();
}

bool pool_has_room() {
  constexpr size_t kShare = 8;
  return pool().available() > pool().slots() / kShare;
}

void enter_in_ledger(const Cluster& cluster, const Destination& to) {
  Ledger& ledger = ClusterPool::ledger_of(cluster);
  ledger.landed.store(0, std::memory_order_relaxed);
  ledger.fd = to.fd;
  ledger.direct = to.direct;
  ledger.unit = to.unit;
  ledger.appends = to.appends ? 1 : 0;
  ledger.seen = UINT32_MAX;
  ledger.file = to.file;
  ledger.state.store(Ledger::kAccepted, std::memory_order_seq_cst);
  if (config().guard)
    state().guard.ensure(pool().segment(), state().pool_file, config().idle_ms, config().log_path);
  if (config().guard && !state().guard.failed()) return;
  note_signal_handler();
  install_last_words(close_gate);
}

void dismiss_guard() {
  if (state().live.load(std::memory_order_relaxed) && pool().slots() > 0)
    state().guard.stop(pool().segment());
}

void hide(int fd) { state().fds.set(fd, FdEntry::hidden()); }

void give_up(int fd) {
  // It may be managed by now.
  state().fds.replace(fd, FdEntry::hidden(), FdEntry::unknown());
  forget_private(fd);
}

int unhide(int fd) {
  state().fds.replace(fd, FdEntry::hidden(), FdEntry::unknown());
  return close_private(fd);
}

KeptFile kept_open(int fd) {
  const int number = duplicate_private(fd);
  struct stat facts;
  if (number < 0) return {};
  hide(number);
  if (sys::call_with(__NR_fstat, number, &facts) == 0) return {number, id_of(facts)};
  unhide(number);
  return {};
}

void let_go(KeptFile& file) {
  if (file.is_there())
    unhide(file.fd);
  else if (file.fd > 0)
    give_up(file.fd);
  file = {};
}

void log_hand_back(const Inode& inode, HandBack reason) {
  log_event(config().log_path, "hand-back", inode.path(), name_of(reason));
}

}  // namespace seqshim
