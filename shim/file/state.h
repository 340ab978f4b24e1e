// Everything the shim knows at run time, in memory that the kernel empties in a forked child
// (MADV_WIPEONFORK): however the child came to be, it starts as after an exec, knowing nothing and
// holding nothing of its parent's.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "shim/cache/cluster_pool.h"
#include "shim/config/config.h"
#include "shim/device/pace.h"
#include "shim/device/writer.h"
#include "shim/file/fd_table.h"
#include "shim/file/inode.h"
#include "shim/file/inode_order.h"
#include "shim/file/mapped_files.h"
#include "shim/file/read_file.h"
#include "shim/file/slab.h"
#include "shim/guard/guard.h"
#include "shim/report/progress.h"
#include "shim/report/report.h"
#include "shim/report/timeline.h"
#include "shim/system/generation.h"
#include "shim/system/kept_file.h"
#include "shim/system/mutex.h"

namespace seqshim {

/// Files that this process may never cache: it has, or had, a lock of them, or a stream that we
/// can't see, which outlive every descriptor we know of, but not the file itself: once that is
/// deleted, and nothing holds it any more, its number is given to others. Zero is none.
class RenouncedFiles {
 public:
  /// `fd` is open on `file`.
  void note(const FileId& file, int fd, HandBack reason) {
    Known* known = find(file);
    if (known != nullptr && !known->was_before(fd)) return;
    if (known == nullptr && count_ < kMost) known = &known_[count_++];
    if (known == nullptr)
      every_file_.store(true, std::memory_order_relaxed);
    else
      *known = {file, generation_of(fd), reason};
  }
  /// The same. kNone: it may be cached.
  HandBack reason(const FileId& file, int fd) {
    const Known* const known = find(file);
    if (known != nullptr && !known->was_before(fd)) return known->reason;
    return every_file() ? HandBack::kLocked : HandBack::kNone;
  }
  /// Of too many to remember, every file may be one. May be asked without a lock.
  bool every_file() const { return every_file_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kMost = 1024;
  struct Known {
    FileId file;
    std::optional<uint32_t> generation;
    HandBack reason;
    /// Whether its number has become that of another file, which `fd` is open on.
    bool was_before(int fd) const {
      if (!generation) return false;
      const std::optional<uint32_t> current = generation_of(fd);
      return current && *current != *generation;
    }
  };
  Known* find(const FileId& file) {
    for (size_t i = 0; i < count_; ++i)
      if (known_[i].file == file) return &known_[i];
    return nullptr;
  }

  Known known_[kMost] = {};
  size_t count_ = 0;
  std::atomic<bool> every_file_{false};
};

/// Lock order: the registry's lock, then one inode's (another one's only if it is free), then the
/// pool's or the writer's.
struct State {
  static constexpr size_t kBuckets = 1024;

  FdTable fds;
  /// Set while the tables below are in use; found clear again only in a forked child.
  std::atomic<bool> live;
  /// Not zero: nothing may be cached. How many threads try to become another program, and kForGood.
  static constexpr unsigned kForGood = 1u << 31;
  std::atomic<unsigned> gate;

  Mutex numbers_lock;  // of private_fds.h

  Mutex registry_lock;
  // Guarded by registry_lock.
  std::atomic<size_t> inode_count;  // read without it
  Inode* buckets[kBuckets];         // by device and number
  Slab<Inode> inodes;
  Slab<OpenFile> files;
  ReadFiles read_files;
  /// What was found out last of a device whose files are read.
  struct {
    uint64_t id;
    bool known, is_left_alone, stacked;
  } device;
  std::atomic<bool> ends;  // no more is to come but what note_end() speaks of
  bool abandoned;          // a file was closed by a signal handler under its own lock
  Report report;
  KeptFile stderr_copy;  // for a report that goes there: programs close theirs before we end

  Mutex pool_lock;     // while the pool is made
  KeptFile pool_file;  // for the guard
  Guard guard;
  Pace pace;
  InodeOrder<kByUse> by_use;        // those with clusters
  InodeOrder<kInFlight> in_flight;  // those with transfers
  /// As many calls that find no room pass to the kernel before one asks for some.
  std::atomic<unsigned> crowded;
  Timeline timeline;  // begun where a report will have it; its lock is the last of all
  alignas(ClusterPool) std::byte pool_storage[sizeof(ClusterPool)];
  alignas(Writer) std::byte writer_storage[sizeof(Writer)];
};

/// Zero from the start, without a constructor to wait for: calls come before ours runs.
alignas(4096) extern std::byte state_storage[];
inline State& state() { return *reinterpret_cast<State*>(state_storage); }

const Config& config();
/// Where the command that has started all this sees what becomes of it; nullptr: nobody looks.
Progress* progress();
/// Once, before any other call.
void configure(const Config& config, bool sees_stdio);
/// Whether the settings have been read: libraries come before us.
bool is_started();
/// Not started, no pattern, or retired: nothing is managed, nor its reads followed.
bool inert();
void become_inert();

/// Registry locked. Whether a pattern names the file.
bool matches(const char* path);
/// The same of the patterns for files that are read.
bool matches_read(const char* path);
/// Registry locked. A forked child keeps it: what is renounced once is for good.
RenouncedFiles& renounced();
/// A forked child keeps them: it inherits the mappings.
MappedFiles& mapped_files();
/// Called with the registry locked when the first file is to be managed.
void begin();
/// Whether the shim sees what streams read and write; if not, files that they touch are handed
/// back, and standard streams can't be managed.
bool sees_stdio();

/// In a forked child that has not been here yet: starts afresh. Signals blocked.
void state_after_fork();

ClusterPool& pool();
/// Creates the pool at first use. False: no cluster is free, or there is no pool to be had. Some
/// are only for files that hold others: while those are on their way to the disk, they can go on.
bool pool_ready();
/// Whether a file that holds none can be given one.
bool pool_has_room();
Writer& writer();

/// Where a cluster is to be written: as in a Ledger.
struct Destination {
  FileId file;
  int fd, direct;
  uint32_t unit;
  bool appends;
};
/// What of `cluster` is accepted is from now on the guard's to finish, should the process be gone
/// before it has.
void enter_in_ledger(const Cluster& cluster, const Destination& to);
/// Ends the guard; the next entry starts one anew. Only once nothing is cached.
void dismiss_guard();

/// Whether any file is managed just now.
inline bool manages_any() { return state().inode_count.load(std::memory_order_relaxed) != 0; }
inline bool gate_closed() { return state().gate.load(std::memory_order_acquire) != 0; }

/// Marks a number as ours; unhide() also closes it, and returns the errno of lost bytes that this
/// reports, or 0.
void hide(int fd);
int unhide(int fd);
/// It stays open, and isn't ours any more.
void give_up(int fd);
/// What is behind `fd`, by a number of our own; or none.
KeptFile kept_open(int fd);
void let_go(KeptFile& file);

void log_hand_back(const Inode& inode, HandBack reason);

}  // namespace seqshim
