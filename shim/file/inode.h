// One managed file of this process: the bytes it has accepted and not yet written, the way they
// take, and every open file description of the file.
//
// Positions. The kernel's file offset is the truth, but for one description at a time, the
// *holder*: its position is where the last accepted byte ended, and is published to the kernel at
// every hand-over. Descriptions that are shared with other processes (claimed) never hold.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <atomic>
#include <cstdint>

#include "seqshim/seqcache.h"
#include "shim/cache/segment.h"
#include "shim/device/device.h"
#include "shim/device/space.h"
#include "shim/device/transfer.h"
#include "shim/file/fd_table.h"
#include "shim/file/inode_order.h"
#include "shim/file/open_file.h"
#include "shim/file/owner_lock.h"
#include "shim/report/counters.h"
#include "shim/report/progress.h"

namespace seqshim {

/// What a managed call returns: a value, -errno, or that the kernel is to be asked.
class Outcome {
 public:
  static constexpr Outcome value(int64_t value) { return Outcome(value); }
  static constexpr Outcome error(int number) { return Outcome(-number); }
  static constexpr Outcome pass() { return Outcome(INT64_MIN); }
  /// No cluster was free; once there is one, the call is to be made again. Nothing has changed.
  static constexpr Outcome no_room() { return Outcome(INT64_MIN + 1); }

  constexpr bool passes() const { return raw_ == INT64_MIN; }
  constexpr bool lacks_room() const { return raw_ == INT64_MIN + 1; }
  constexpr int64_t raw() const { return raw_; }

 private:
  explicit constexpr Outcome(int64_t raw) : raw_(raw) {}
  int64_t raw_;
};

/// What is to be written: the program's buffers, in order, or a range of another file.
struct Source {
  const iovec* vectors;
  int count;
  size_t total;      // bytes; a file may turn out to have fewer
  int file = -1;     // without vectors: a descriptor of the file, open for reading
  int64_t from = 0;  // its offset

  bool is_memory() const { return vectors != nullptr; }
};

class Inode {
 public:
  static constexpr unsigned kMaxDepth = 16;

  Inode(OwnerLock& its_lock, ClusterStore& store, Pace& pace, const FileId& id)
      : lock(its_lock), id_(id), cache_(store), device_(id, pace) {}

  const FileId& id() const { return id_; }

  OwnerLock& lock;                   // outlives the inode
  Inode* next_registered = nullptr;  // guarded by the registry's lock
  InodePlace places[kInodeOrders];   // the orders'

  // Read without the lock: a thread's own calls are seen in order, and those of others are
  // concurrent. ----------------------------------------------------------------------------------
  /// Handed back for good: nothing is cached any more, every call goes to the kernel.
  bool passing() const { return passing_.load(std::memory_order_acquire); }
  /// Bytes or a position are held here that the kernel doesn't know of yet.
  bool busy() const { return busy_.load(std::memory_order_acquire); }

  // The hot path: takes the lock, only if it is free, and signals stay deliverable. -------------
  /// At the position of `file`, if it holds. True: all bytes were accepted. False: nothing was;
  /// take the long way.
  ///
  /// `stands`: under the lock, whether the number still is of `file`, whose memory may be another
  /// one's by now.
  template <class Stands>
  bool append_at_position(const OpenFile& file, const void* source, size_t bytes, Stands stands) {
    if (!lock.try_lock()) return false;
    interruptible_at_ = stack_pointer();
    const bool done = holder_ == &file && stands() && append(tail(), source, bytes);
    lock.unlock();
    return done;
  }
  /// At `offset`, where no position is at stake.
  template <class Stands>
  bool append_at(const OpenFile& file, int64_t offset, const void* source, size_t bytes,
                 Stands stands) {
    if (!lock.try_lock()) return false;
    interruptible_at_ = stack_pointer();
    const bool done = holder_ == nullptr && file.inode.load(std::memory_order_relaxed) == this &&
                      stands() && append(offset, source, bytes);
    lock.unlock();
    return done;
  }
  /// At the kernel's offset, which moves first: from then on `start` says where the bytes belong.
  /// False and `start` untouched: nothing was reserved.
  template <class Stands>
  [[gnu::always_inline]] bool append_claimed(OpenFile& file, const void* source, size_t bytes,
                                             int64_t& start, Stands stands) {
    if (!lock.try_lock()) return false;
    interruptible_at_ = stack_pointer();
    const bool done =
        may_append_claimed(file, bytes) && stands() && append_reserved(file, source, bytes, start);
    lock.unlock();
    return done;
  }
  /// Of a lock that this thread holds from the hot path: whether that append will go on once the
  /// handler on top of it returns. If not, the handler has jumped out of it, and the lock is free
  /// to be taken over.
  bool append_goes_on() const;

  // The rest is called with the lock held and signals blocked. -----------------------------------
  void attach(OpenFile& file);
  /// Drains, and lets go of the description: its edges leave the page cache, its private
  /// descriptor is closed, and with the last one also the direct descriptor.
  void detach(OpenFile& file);
  OpenFile* files() const { return files_; }

  /// Without `may_wait`, what there is no room for is the kernel's.
  Outcome write_at_position(OpenFile& file, int fd, const Source& source, bool may_wait);
  Outcome write_at(OpenFile& file, int fd, int64_t offset, const Source& source, bool may_wait);

  /// At `start`, whatever happens: append_claimed() has reserved the bytes there.
  Outcome write_reserved(OpenFile& file, int fd, int64_t start, const Source& source);

  /// Everything accepted is in the kernel. An error is kept for take_error().
  void drain();
  /// The kernel's offsets are up to date.
  void publish();
  void hand_over() {
    drain();
    publish();
  }
  /// hand_over() from a signal handler that interrupted this very thread in the hot path. The
  /// interrupted append finds its cluster gone and starts anew.
  void hand_over_interrupted();
  void hand_back(HandBack reason);
  /// From now on the kernel's offset is the position of every description.
  void claim_all();

  /// The errno of a write that failed after its bytes had been accepted, once for each description;
  /// 0: none.
  int take_error(OpenFile& file);
  /// What of the file went through the page cache leaves it. Nothing is cached or in flight.
  void leave_page_cache();
  /// For SEQSHIM_SYNC: what this process has written to the file since the last time, by whatever
  /// calls, is on its disk when this returns. `fd` is a number of `file`'s, or a negative one if
  /// none is at hand. The description keeps the error for take_error(). Nothing is cached or in
  /// flight.
  void make_durable(OpenFile& file, int fd);
  /// The same by any description that can be written by.
  void make_durable();
  /// Ahead of its last close, which is to tell what the end of our own descriptors was told: drops
  /// what of the file went through the page cache, and closes them. Nothing is cached or in flight.
  void part(OpenFile& file);
  void note_passed(size_t bytes);
  /// Of a description whose trial has just ended at `position`.
  void note_trial(const Trial& trial, int64_t position);
  /// A description of it whose calls the kernel gets one by one; the report is to say why.
  void note_bypass(HandBack reason);

  bool has_clusters() const { return !cache_.empty(); }
  /// Whether to write out what it holds, for another file's sake, costs no more than the other's
  /// writes would if the kernel got them.
  bool may_be_evicted() const;
  /// Moves our descriptor out of the way if it is `fd`. True if it was.
  bool vacate(int fd);

  /// To whoever looks on.
  void tell_progress();
  void end_progress() {
    tell_progress();
    progress_.end();
  }
  const Counters& counters() const { return counters_; }
  Rung rung() const { return device_.rung(); }
  void forget_counters() {
    written_ = written();
    durable_.calls = durable_.calls == calls() ? 0 : UINT64_MAX;
    counters_ = {};
    progress_.restart();
  }
  HandBack handed_back() const { return handed_back_; }
  /// It was written, but by too little to be cached.
  bool is_small() const { return counters_.bytes_passed > 0 && is_on_trial(0); }
  /// What the file was like when it was first seen, and whether it has been written since by no
  /// call that could be seen here.
  void note_start(const struct stat& facts);
  bool written_unseen(const struct stat& now) const;
  const char* path() const { return path_; }
  void set_path(const char* path);

 private:
  bool append(int64_t offset, const void* source, size_t bytes) {
    if (!cache_.append(offset, source, bytes)) return false;
    counters_.writes.note(bytes);
    return true;
  }

  /// The cluster was begun by this description, which was found fit for it then: others who hold it
  /// may have made it append-only.
  bool may_append_claimed(const OpenFile& file, size_t bytes) const {
    const Cluster* const open = cache_.unfinished();
    return holder_ == nullptr && open != nullptr && bytes < open->room - open->bytes() &&
           file.keeper == plain_ && reservation_ != nullptr &&
           file.inode.load(std::memory_order_relaxed) == this;
  }
  [[gnu::always_inline]] bool append_reserved(OpenFile& file, const void* source, size_t bytes,
                                              int64_t& start) {
    const int64_t from = tail();
    const int64_t reserved = reserve(file, from, bytes);
    if (reserved < 0 || (reserved != from && !is_reserved_here(file, bytes))) return false;
    start = reserved;
    if (!append(start, source, bytes)) return false;
    file.left_at = tail();
    reservation_filled();
    return true;
  }
  bool is_reserved_here(const OpenFile& file, size_t bytes);
  bool take_reservation();
  /// Moves the kernel's offset over `bytes`, atomically among all who share it; returns where it
  /// was, which is `from` if nobody else has moved it. From before it moves until
  /// reservation_filled(), the guard can take it back.
  ///
  /// Inlined, with all that leads here in a write: on processors whose kernel can't trust them with
  /// their own predictions, each return right after a system call costs some 10 ns.
  [[gnu::always_inline]] int64_t reserve(const OpenFile& file, int64_t from, size_t bytes) {
    reservation_->fd = file.keeper;
    reservation_->file = id_;
    reservation_->bytes = static_cast<int64_t>(bytes);
    reservation_->reached.store(from, std::memory_order_relaxed);
    reservation_->from.store(from, std::memory_order_relaxed);
    reservation_->state.store(Reservation::kPending, std::memory_order_release);
    const int64_t end = sys::call_with(__NR_lseek, file.keeper, bytes, SEEK_CUR);
    if (end < 0) {
      reservation_filled();
      return end;
    }
    const int64_t start = end - static_cast<int64_t>(bytes);
    if (start != from) {
      reservation_->reached.store(start, std::memory_order_relaxed);
      reservation_->from.store(start, std::memory_order_release);
    }
    return start;
  }
  /// Up to there the bytes of a reservation are accepted, or in the file.
  void reached(int64_t offset) {
    if (reservation_ != nullptr) reservation_->reached.store(offset, std::memory_order_release);
  }
  void reservation_filled() {
    if (reservation_ != nullptr)
      reservation_->state.store(Reservation::kIdle, std::memory_order_release);
  }

  Outcome write(OpenFile& file, int64_t start, const Source& source);
  Outcome share(OpenFile& file, int64_t start, const Source& source);
  int64_t position(OpenFile& file);
  bool may_cache(int64_t start, const Source& source) const;
  static bool may_leap(const Source& source);
  bool is_beyond_end(int64_t start) const;
  Outcome give_way();
  Outcome give_way_at(int64_t start, const Source& source);
  bool has_space(int64_t start);
  bool is_within_largest(int64_t start);
  void trim_space();
  size_t leap(int64_t start, const Source& source);
  bool has_room() const;
  Outcome lack_room(int64_t start, const Source& source, bool may_wait);
  int duplicate(int fd) const;
  bool keep(OpenFile& file, int fd);
  void mend();
  int number_of(const OpenFile& file) const;
  int another_way() const;
  int number_of_writer() const;
  bool short_runs() const;
  void note_jump(int64_t start);
  Outcome begin_write(OpenFile& file, int fd);
  bool is_on_trial(size_t bytes) const;
  void notice_flags(OpenFile& file, int fd);
  size_t accept(int64_t start, const Source& source);
  size_t accept_rest(int64_t start, const Source& source, size_t done);
  size_t accept_copy(int64_t start, const Source& source);
  size_t accept_from(int64_t start, size_t count, Supplier& supplier);
  size_t write_through(int64_t start, const Source& source);
  size_t copy_through(int64_t start, const Source& source);
  size_t accept_piece(int64_t start, const std::byte* bytes, size_t count);
  size_t write_through(int64_t start, const std::byte* bytes, size_t count);

  void enter_newest();
  void flush_finished();
  void flush(const Cluster& cluster, bool last);
  uint32_t claim(const Cluster& cluster);
  void claim_cached();
  void describe(Transfer& transfer, const Cluster& cluster);
  void decide_rung(size_t bytes);
  void wait_oldest();
  void await_room();
  static bool await_another();
  void reap_done();
  void carry_on(Transfer& transfer);
  void settle(const Transfer& transfer);
  void settle_accepted(const Transfer& transfer);
  void release_orphans();
  void note_loss(int keeper, int error);
  bool is_behind(int fd) const { return is_open_on(fd, id_); }
  bool has_writer(const OpenFile* except = nullptr) const;
  bool appends() const;
  void let_go(OpenFile& file);
  int close_ours(int fd) const;
  int close_direct();
  void wait_all() {
    while (in_flight_ > 0) wait_oldest();
  }
  Transfer& transfer(unsigned index) { return transfers_[index % kMaxDepth]; }

  /// Writes of the program's.
  uint64_t calls() const { return counters_.writes.total() + counters_.calls_passed; }
  bool is_durable(const struct stat& now) const;
  bool written() const {
    return written_ || counters_.writes.total() > 0 || counters_.calls_passed > 0;
  }
  int64_t tail() const {
    const Cluster* const open = cache_.unfinished();
    return open != nullptr ? open->offset + open->bytes() : end_;
  }

  const FileId id_;
  std::atomic<bool> passing_{false};
  std::atomic<bool> busy_{false};

  SeqCache cache_;
  /// Its position is tail(), whatever the kernel's offset says. Never claimed, never bypassing.
  OpenFile* holder_ = nullptr;
  int64_t end_ = 0;  // where the last accepted byte ended, while no cluster is unfinished
  OpenFile* files_ = nullptr;
  uintptr_t interruptible_at_ = 0;  // stack pointer of the last append on the hot path
  Cluster* orphans_ = nullptr;      // sealed under an interrupted append, by next_written
  /// What the guard is told of places taken by moving a shared offset; from the first such write to
  /// the last close.
  Reservation* reservation_ = nullptr;

  Device device_;
  Space space_;
  int64_t granted_at_ = -1;  // there is space for the cluster that begins here
  /// What transfers go through, valid while anything is cached: a keeper, or the program's own.
  int plain_ = -1;
  // Ring of transfers in the order they were submitted; their clusters are cached and finished.
  Transfer transfers_[kMaxDepth];
  unsigned first_in_flight_ = 0;
  unsigned in_flight_ = 0;

  int error_ = 0;                      // of bytes that the file refused, until it is told
  int64_t failed_at_ = 0;              // the first byte that error_ kept out of the file
  HandBack wanted_ = HandBack::kNone;  // to be handed back before the next byte is accepted
  HandBack handed_back_ = HandBack::kNone;
  int64_t size_at_start_ = 0;
  timespec changed_at_start_{};
  /// What the file was like when it was last made durable, or first seen.
  struct {
    int64_t size = 0;
    timespec changed{};
    uint64_t calls = 0;
  } durable_;
  bool written_by_no_call_ = false;  // perhaps: it was mapped, or written asynchronously
  bool written_ = false;             // by a call that was seen, since forget_counters() or before
  Counters counters_;
  FileProgress progress_;
  char path_[256] = {};
};

}  // namespace seqshim
