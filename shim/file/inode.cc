#include "shim/file/inode.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>

#include "shim/device/private_fds.h"
#include "shim/file/state.h"
#include "shim/file/trial.h"
#include "shim/system/clock.h"
#include "shim/system/put_text.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// The kernel's MAX_RW_COUNT: no single write transfers more.
constexpr size_t kMaxWrite = 0x7ffff000;
/// Of what a large write beyond the end begins with, the kernel gets as much as lies in one page.
constexpr size_t kEdge = 4096;
/// Below it, waking the writer thread costs more than writing.
constexpr size_t kWorthAThread = size_t{64} << 10;
/// As many short runs as show that a file isn't written sequentially, and what "short" is.
constexpr uint64_t kManyRuns = 32;
constexpr uint64_t kShortRun = uint64_t{16} << 10;

int64_t kernel_position(int fd) { return sys::call_with(__NR_lseek, fd, 0L, SEEK_CUR); }

int64_t file_size(int fd) {
  struct stat facts;
  return sys::call_with(__NR_fstat, fd, &facts) == 0 ? facts.st_size : -1;
}

/// With a limit on file sizes, any write of the program to any file may raise SIGXFSZ and end it.
bool size_is_limited() {
  rlimit limit;
  return sys::call_with(__NR_prlimit64, 0, RLIMIT_FSIZE, nullptr, &limit) != 0 ||
         limit.rlim_cur != RLIM_INFINITY;
}

// What the report's timeline is told: of clusters, not of the program's writes.

void note_accepted(uint64_t bytes) {
  if (state().timeline.begun()) state().timeline.note_written(bytes, now_ns());
}

void note_landed(uint64_t bytes) {
  if (state().timeline.begun()) state().timeline.note_landed(bytes, now_ns());
}

void note_wait(uint64_t from, uint64_t to) {
  if (state().timeline.begun()) state().timeline.note_wait(from, to);
}

/// Its descriptor was closed behind our back, or made something that nothing can be written to.
bool lost_its_way(const Transfer& transfer) {
  return transfer.error == EBADF || transfer.error == EINVAL || transfer.error == ESPIPE;
}

/// Read where it lies, without its position. What can't be read ends it.
class FileRange final : public Supplier {
 public:
  FileRange(int fd, int64_t from) : fd_(fd), next_(from) {}
  size_t fill(std::byte* target, size_t bytes) override {
    const long count = sys::call_with(__NR_pread64, fd_, target, bytes, next_);
    if (count <= 0) return 0;
    next_ += count;
    return static_cast<size_t>(count);
  }

 private:
  int fd_;
  int64_t next_;
};

}  // namespace

void Inode::set_path(const char* path) { put_end(path_, path); }

void Inode::note_start(const struct stat& facts) {
  size_at_start_ = facts.st_size;
  changed_at_start_ = facts.st_mtim;
  durable_ = {facts.st_size, facts.st_mtim, 0};
}

bool Inode::written_unseen(const struct stat& now) const {
  return !written() &&
         (now.st_size != size_at_start_ || now.st_mtim.tv_sec != changed_at_start_.tv_sec ||
          now.st_mtim.tv_nsec != changed_at_start_.tv_nsec);
}

void Inode::attach(OpenFile& file) {
  file.next = files_;
  files_ = &file;
  file.inode.store(this, std::memory_order_release);
}

void Inode::detach(OpenFile& file) {
  hand_over();
  OpenFile** link = &files_;
  while (*link != &file) link = &(*link)->next;
  *link = file.next;
  let_go(file);
  // Not kept for readers: nobody could run the file as a program meanwhile.
  if (!has_writer()) close_direct();
  if (files_ == nullptr) {
    release_orphans();
    if (reservation_ != nullptr) pool().give_back(reservation_);
    reservation_ = nullptr;
  }
  file.inode.store(nullptr, std::memory_order_release);
}

bool Inode::has_writer(const OpenFile* except) const {
  const OpenFile* file = files_;
  while (file != nullptr && (!file->writable || file == except)) file = file->next;
  return file != nullptr;
}

/// Whether what is cached was appended: then by one description, and there is no other writer.
bool Inode::appends() const {
  const OpenFile* file = files_;
  while (file != nullptr && !file->caches()) file = file->next;
  return file != nullptr && file->append;
}

/// Other processes write it by no call that is seen here; within a tick of the clock its time
/// stays.
bool Inode::is_durable(const struct stat& now) const {
  return !written_by_no_call_ && calls() == durable_.calls && now.st_size == durable_.size &&
         now.st_mtim.tv_sec == durable_.changed.tv_sec &&
         now.st_mtim.tv_nsec == durable_.changed.tv_nsec;
}

void Inode::make_durable(OpenFile& file, int fd) {
  if (!file.writable) return;
  if (fd < 0) fd = file.keeper >= 0 && is_behind(file.keeper) ? file.keeper : number_of(file);
  struct stat now;
  if (sys::call_with(__NR_fstat, fd, &now) != 0 || id_of(now) != id_) return;
  // What has no name is gone with its last close.
  if (now.st_nlink == 0 || is_durable(now)) return;
  const long result = sys::call_with(__NR_fdatasync, fd);
  // Some file systems have no such call, and are as durable as they get.
  if (result >= 0 || result == -EINVAL || result == -ENOSYS) {
    durable_ = {now.st_size, now.st_mtim, calls()};
    return;
  }
  ++counters_.errors;
  if (file.error == 0) file.error = static_cast<int>(-result);
}

void Inode::make_durable() {
  for (OpenFile* file = files_; file != nullptr; file = file->next) make_durable(*file, -1);
}

void Inode::part(OpenFile& file) {
  let_go(file);
  if (has_writer(&file)) return;
  const int lost = close_direct();
  if (lost != 0 && file.error == 0) file.error = lost;
}

void Inode::leave_page_cache() {
  if (plain_ < 0 || !is_behind(plain_)) return;
  if (const int lost = device_.drop_edges(plain_); lost != 0) note_loss(plain_, lost);
}

/// A number of ours that raw calls have made another file's isn't ours to close.
int Inode::close_ours(int fd) const {
  if (is_behind(fd)) return unhide(fd);
  give_up(fd);
  return 0;
}

/// Nothing is cached or in flight.
void Inode::let_go(OpenFile& file) {
  if (file.keeper < 0) return;
  const bool ours = is_behind(file.keeper);
  if (const int lost = ours ? device_.drop_edges(file.keeper) : 0; lost != 0)
    note_loss(file.keeper, lost);
  if (const int lost = close_ours(file.keeper); lost != 0) note_loss(file.keeper, lost);
  if (plain_ == file.keeper) plain_ = -1;
  file.keeper = -1;
}

int Inode::close_direct() {
  const int lost = device_.direct_fd() >= 0 ? close_ours(device_.direct_fd()) : 0;
  device_.lose_direct();
  return lost;
}

// Writing

/// What every write checks first. Anything but value(0) is the answer to the program.
Outcome Inode::begin_write(OpenFile& file, int fd) {
  release_orphans();
  if (const int error = take_error(file); error != 0) return Outcome::error(error);
  if (wanted_ != HandBack::kNone) hand_back(wanted_);
  if (file.claimed) notice_flags(file, fd);
  if (!passing() && file.caches() && keep(file, fd)) return Outcome::value(0);
  hand_over();
  return Outcome::pass();
}

/// Others who hold the description may have changed it: make, for one, sets O_APPEND.
void Inode::notice_flags(OpenFile& file, int fd) {
  const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
  if (flags < 0 || (flags & (O_APPEND | kOwnWay)) == 0 || file.bypass) return;
  hand_over();
  if ((flags & O_APPEND) != 0 && file.append) return;
  file.bypass = true;
  note_bypass((flags & O_APPEND) != 0 ? HandBack::kAppend : HandBack::kOwnDirect);
}

/// False: raw calls have made our number another file's, whose offset is moved back.
bool Inode::is_reserved_here(const OpenFile& file, size_t bytes) {
  if (is_behind(file.keeper)) return true;
  sys::call_with(__NR_lseek, file.keeper, -static_cast<int64_t>(bytes), SEEK_CUR);
  reservation_filled();
  return false;
}

bool Inode::take_reservation() {
  if (reservation_ == nullptr) reservation_ = pool().take_reservation();
  return reservation_ != nullptr;
}

Outcome Inode::write_at_position(OpenFile& file, int fd, const Source& source, bool may_wait) {
  if (const Outcome begun = begin_write(file, fd); begun.raw() != 0) return begun;
  int64_t start = position(file);
  if (is_on_trial(source.total)) return give_way_at(start, source);
  if (!has_room()) return lack_room(start, source, may_wait);
  if (!may_cache(start, source)) return give_way();
  if (!has_space(start)) return give_way_at(start, source);
  if (file.reserves()) {
    if (file.left_at >= 0 && file.left_at != start) return share(file, start, source);
    file.left_at = start;
    if (!take_reservation()) return Outcome::pass();
    start = reserve(file, start, source.total);
    return start < 0 ? Outcome::pass() : write_reserved(file, fd, start, source);
  }
  const Outcome outcome = write(file, start, source);
  if (outcome.raw() > 0) holder_ = &file;
  return outcome;
}

/// Somebody else moves the offset too. In turns there is nothing to gather, and only the kernel
/// takes a place and fills it in one.
Outcome Inode::share(OpenFile& file, int64_t start, const Source& source) {
  file.left_at = start + static_cast<int64_t>(source.total);
  return give_way_at(start, source);
}

Outcome Inode::write_at(OpenFile& file, int fd, int64_t offset, const Source& source,
                        bool may_wait) {
  if (const Outcome begun = begin_write(file, fd); begun.raw() != 0) return begun;
  // A position that isn't the kernel's would move along with the bytes appended here.
  publish();
  if (is_on_trial(source.total)) return give_way_at(offset, source);
  if (!has_room()) return lack_room(offset, source, may_wait);
  if (file.append || !may_cache(offset, source)) return give_way();
  if (!has_space(offset)) return give_way_at(offset, source);
  return write(file, offset, source);
}

Outcome Inode::write_reserved(OpenFile& file, int fd, int64_t start, const Source& source) {
  keep(file, fd);  // else it has been handed back, and the bytes go straight to their place
  publish();
  Outcome outcome = Outcome::value(0);
  if (!passing() && start == file.left_at && may_cache(start, source)) {
    outcome = write(file, start, source);
  } else {
    drain();
    const size_t done = write_through(start, source);
    outcome =
        done > 0 ? Outcome::value(static_cast<int64_t>(done)) : Outcome::error(take_error(file));
  }
  // What the kernel refused gives its bytes back, as a short write would not have moved over them.
  const auto done = static_cast<size_t>(std::max<int64_t>(outcome.raw(), 0));
  if (done < source.total)
    sys::call_with(__NR_lseek, file.keeper >= 0 ? file.keeper : fd,
                   -static_cast<int64_t>(source.total - done), SEEK_CUR);
  reservation_filled();
  file.left_at = start + static_cast<int64_t>(done);
  return outcome;
}

/// Where files of any size are of concern, what would else be known of descriptors is counted here.
bool Inode::is_on_trial(size_t bytes) const {
  return config().concerns_small_files() && counters_.writes.total() == 0 &&
         counters_.bytes_passed + bytes <= most_on_trial();
}

/// The kernel gets the call as it is.
Outcome Inode::give_way() {
  if (wanted_ == HandBack::kSpace) hand_back(wanted_);
  hand_over();
  return Outcome::pass();
}

/// The same of one amid others that are cached: its bytes are to leave the page cache with the
/// edges.
Outcome Inode::give_way_at(int64_t start, const Source& source) {
  device_.note_edge(start, start + static_cast<int64_t>(source.total));
  return give_way();
}

bool Inode::append_goes_on() const {
  stack_t alternate;
  if (sys::call_with(__NR_sigaltstack, nullptr, &alternate) == 0 &&
      (alternate.ss_flags & SS_ONSTACK) != 0)
    return true;
  // A handler lies below the frame it interrupted, by at least what the kernel saves there.
  constexpr uintptr_t kSignalFrame = 1024;
  return stack_pointer() + kSignalFrame < interruptible_at_;
}

Outcome Inode::write(OpenFile& file, int64_t start, const Source& source) {
  note_jump(start);
  counters_.writes.note(source.total);
  size_t done = 0;
  if (may_leap(source) && is_beyond_end(start)) {
    done = leap(start, source);
  } else {
    done = accept(start, source);
  }
  if (!cache_.empty()) state().by_use.becomes_newest(*this);
  busy_.store(true, std::memory_order_release);  // only now: drains on the way have cleared it
  if (cache_.unfinished() == nullptr) end_ = start + static_cast<int64_t>(done);
  if (done == 0) return Outcome::error(take_error(file));
  return Outcome::value(static_cast<int64_t>(done));
}

/// Where the next write of `file` begins. Negative: the kernel won't say.
int64_t Inode::position(OpenFile& file) {
  // What is appended and not cached any more may have been cut off since.
  if (holder_ == &file && !(file.append && cache_.empty())) return tail();
  publish();
  if (!file.append) return kernel_position(file.keeper);
  drain();
  return file_size(file.keeper);
}

bool Inode::may_cache(int64_t start, const Source& source) const {
  if (gate_closed() || source.total > kMaxWrite) return false;
  if (start < 0 || start > INT64_MAX - static_cast<int64_t>(kMaxWrite + kMaxClusterSize))
    return false;
  return (may_leap(source) || !is_beyond_end(start)) && !size_is_limited();
}

/// Large, and of one buffer.
bool Inode::may_leap(const Source& source) {
  return source.is_memory() && source.count == 1 && source.total >= kWorthAThread;
}

/// Past the end of the file only the kernel knows what the file system can hold.
bool Inode::is_beyond_end(int64_t start) const {
  return start != tail() && start > file_size(plain_);
}

/// Has the kernel take the first bytes of a large write beyond the end.
size_t Inode::leap(int64_t start, const Source& source) {
  drain();
  const size_t edge = kEdge - static_cast<size_t>(start) % kEdge;
  const auto* const bytes = static_cast<const std::byte*>(source.vectors[0].iov_base);
  const size_t done = write_through(start, bytes, edge);
  return done < edge ? done : done + accept_rest(start, source, done);
}

/// Whether there will be space for what the cluster can take that a byte at `start` goes to. The
/// unfinished one was asked for when it was begun. Otherwise the kernel is to answer.
bool Inode::has_space(int64_t start) {
  const Cluster* const open = cache_.unfinished();
  if ((open != nullptr && start == tail()) || start == granted_at_) return true;
  if (wanted_ == HandBack::kSpace) return false;
  const bool alone = files_ != nullptr && files_->next == nullptr && !files_->claimed;
  const Space::Verdict verdict = space_.ask({.fd = plain_,
                                             .device = id_.device,
                                             .from = start,
                                             .cluster_size = config().cluster,
                                             .margin = margin_beyond(config().memory),
                                             .may_reserve = alone});
  if (verdict == Space::Verdict::kGranted && is_within_largest(start)) {
    granted_at_ = start;
    return true;
  }
  if (verdict != Space::Verdict::kNotYet) wanted_ = HandBack::kSpace;
  return false;
}

/// Whether the file system's files can be as large as the cluster with `start` would make this one.
/// The kernel lets nobody seek beyond that; the description of our own has a position of no use.
bool Inode::is_within_largest(int64_t start) {
  constexpr int64_t kAlwaysPossible = int64_t{2} << 30;
  const int64_t end = start + static_cast<int64_t>(config().cluster);
  if (end < kAlwaysPossible) return true;
  decide_rung(config().direct_min);
  return device_.direct_fd() < 0 ||
         sys::call_with(__NR_lseek, device_.direct_fd(), end, SEEK_SET) != -EINVAL;
}

/// After a drain: what was reserved and isn't needed is given back before anybody looks.
void Inode::trim_space() {
  granted_at_ = -1;
  if (!space_.reserves() || !is_behind(plain_)) return;
  close_direct();
  space_.trim(plain_);
}

Outcome Inode::lack_room(int64_t start, const Source& source, bool may_wait) {
  if (may_wait) return Outcome::no_room();
  if (pool().slots() == 0) hand_back(HandBack::kMemory);
  return give_way_at(start, source);
}

bool Inode::may_be_evicted() const {
  const Cluster* const open = cache_.unfinished();
  if (open == nullptr) return true;
  const Ledger& ledger = ClusterPool::ledger_of(*open);
  const uint32_t due = open->bytes() - ledger.landed.load(std::memory_order_relaxed);
  // What rests is written by the guard, and costs nothing then.
  return due == 0 || !config().guard || config().idle_ms == 0;
}

/// Whether a write can begin: what this file itself has in the cache can be written out for room,
/// what other files have can't from here.
bool Inode::has_room() const { return !cache_.empty() || pool_ready(); }

/// A number of our own for a description of this file; -1: there is none to be had. Hidden.
///
/// Another thread may have made `fd` another file's since it was looked at; or closed ours, or
/// taken it, and then it isn't ours to close.
int Inode::duplicate(int fd) const {
  constexpr int kAttempts = 16;
  for (int i = 0; i < kAttempts; ++i) {
    const int keeper = duplicate_private(fd);
    if (keeper < 0) return -1;
    const bool sound = is_behind(keeper);
    if (sound && !state().fds[keeper].has_record()) {
      hide(keeper);
      return keeper;
    }
    if (sound || !is_behind(fd)) {
      close_private(keeper);
      return -1;
    }
    forget_private(keeper);
  }
  return -1;
}

bool Inode::keep(OpenFile& file, int fd) {
  if (file.keeper >= 0 && !is_behind(file.keeper)) mend();
  if (file.keeper < 0) {
    file.keeper = duplicate(fd);
    if (file.keeper < 0) {
      hand_back(HandBack::kDescriptors);
      return false;
    }
    if (const Cluster* const open = cache_.unfinished())
      ClusterPool::ledger_of(*open).fd = file.keeper;
  }
  plain_ = file.keeper;
  return true;
}

void Inode::note_jump(int64_t start) {
  if (counters_.bytes_written + cache_.count() > 0 && start != tail()) ++counters_.jumps;
  if (short_runs()) wanted_ = HandBack::kRandom;
}

bool Inode::short_runs() const {
  const uint64_t runs = counters_.jumps + counters_.drains;
  const uint64_t least = std::min<uint64_t>(kShortRun, cache_.cluster_size() / 2);
  return runs >= kManyRuns && counters_.bytes_written / runs < least;
}

size_t Inode::accept(int64_t start, const Source& source) {
  if (!source.is_memory()) return accept_copy(start, source);
  size_t done = 0;
  for (int i = 0; i < source.count; ++i) {
    const auto* const bytes = static_cast<const std::byte*>(source.vectors[i].iov_base);
    const size_t count = source.vectors[i].iov_len;
    const size_t taken = accept_piece(start + static_cast<int64_t>(done), bytes, count);
    done += taken;
    if (taken < count) break;
  }
  return done;
}

size_t Inode::accept_piece(int64_t start, const std::byte* bytes, size_t count) {
  MemorySupplier buffer(bytes);
  const size_t done = accept_from(start, count, buffer);
  if (done == count || error_ != 0) return done;
  return done + write_through(start + static_cast<int64_t>(done), bytes + done, count - done);
}

/// Of one buffer, what comes after the first `done` bytes.
size_t Inode::accept_rest(int64_t start, const Source& source, size_t done) {
  const auto* const bytes = static_cast<const std::byte*>(source.vectors[0].iov_base);
  return accept_piece(start + static_cast<int64_t>(done), bytes + done, source.total - done);
}

/// Fewer than asked for also when there is no room: the caller asks the kernel for the rest.
size_t Inode::accept_copy(int64_t start, const Source& source) {
  FileRange range(source.file, source.from);
  return accept_from(start, source.total, range);
}

/// Until there is an error, the supplier has no more, or there is no room: then nothing is cached
/// or in flight.
size_t Inode::accept_from(int64_t start, size_t count, Supplier& supplier) {
  size_t done = 0;
  while (done < count && error_ == 0) {
    const int64_t next = start + static_cast<int64_t>(done);
    if (!has_space(next)) {
      drain();
      break;
    }
    granted_at_ = -1;
    const SeqCache::Written written = cache_.fill_within_cluster(next, count - done, supplier);
    done += written.bytes;
    enter_newest();
    flush_finished();
    if (written.status == SeqCache::Status::kDone) {
      if (written.bytes == 0) break;
      continue;
    }
    if (cache_.empty()) break;
    // Either the bytes lie in a cached cluster, or there is no room.
    if (written.status == SeqCache::Status::kNoRoom)
      await_room();
    else
      drain();
  }
  return done;
}

/// Without a cluster; nothing is cached or in flight.
size_t Inode::write_through(int64_t start, const std::byte* bytes, size_t count) {
  Transfer whole{};
  device_.prepare(whole, plain_, 0);
  whole.direct = -1;
  whole.refusal = nullptr;
  whole.offset = start;
  whole.data = bytes;
  whole.bytes = count;
  carry_out(whole);
  if (lost_its_way(whole)) carry_on(whole);
  // Of a short write the kernel says why to who goes on.
  if (whole.written > 0) whole.error = 0;
  note_accepted(whole.written);
  settle(whole);
  end_ = start + static_cast<int64_t>(whole.written);
  reached(end_);
  return whole.written;
}

size_t Inode::write_through(int64_t start, const Source& source) {
  if (!source.is_memory()) return copy_through(start, source);
  size_t done = 0;
  for (int i = 0; i < source.count; ++i) {
    const iovec& vector = source.vectors[i];
    const size_t written =
        write_through(start + static_cast<int64_t>(done),
                      static_cast<const std::byte*>(vector.iov_base), vector.iov_len);
    done += written;
    if (written < vector.iov_len) break;
  }
  return done;
}

size_t Inode::copy_through(int64_t start, const Source& source) {
  FileRange range(source.file, source.from);
  std::byte piece[4096];
  size_t done = 0;
  while (done < source.total && error_ == 0) {
    const size_t count = range.fill(piece, std::min(sizeof piece, source.total - done));
    if (count == 0) break;
    const size_t written = write_through(start + static_cast<int64_t>(done), piece, count);
    done += written;
    if (written < count) break;
  }
  return done;
}

// Flushing

/// The cluster that has just been begun or continued.
void Inode::enter_newest() {
  const Cluster* const newest = cache_.newest();
  if (newest == nullptr) return;
  if (ClusterPool::ledger_of(*newest).state.load(std::memory_order_relaxed) == Ledger::kFree)
    enter_in_ledger(*newest, {.file = id_,
                              .fd = plain_,
                              .direct = device_.usable_direct(),
                              .unit = device_.unit(),
                              .appends = appends()});
  reached(newest->offset + newest->bytes());
}

/// Takes it from the guard; returns how much of it the guard has written, for it had rested.
uint32_t Inode::claim(const Cluster& cluster) {
  Ledger& ledger = ClusterPool::ledger_of(cluster);
  state().guard.claim(pool().segment(), ledger);
  const uint32_t landed = ledger.landed.load(std::memory_order_acquire);
  if (landed == 0) return 0;
  counters_.bytes_written += landed;
  counters_.bytes_buffered += landed;
  note_landed(landed);
  device_.note_edge(cluster.offset, cluster.offset + landed);
  return landed;
}

/// Takes all that is cached from the guard, which holds back only as long as it sees what failed.
void Inode::claim_cached() {
  for (const Cluster* each = cache_.newest(); each != nullptr; each = each->previous_written)
    state().guard.claim(pool().segment(), ClusterPool::ledger_of(*each));
}

void Inode::flush_finished() {
  while (const Cluster* const cluster = cache_.next_flush(false)) flush(*cluster, false);
}

void Inode::flush(const Cluster& cluster, bool last) {
  note_accepted(cluster.bytes());
  mend();
  decide_rung(cluster.bytes());
  reap_done();
  while (in_flight_ >= config().depth) wait_oldest();
  // Short ones are written here, and the last of a drain too, since its writer waits anyway: but
  // only after those before it, lest a hole show where bytes were accepted.
  const bool here = last || cluster.bytes() < kWorthAThread || config().engine == Engine::kSync;
  if (here) wait_all();
  const uint32_t landed = claim(cluster);
  // Behind a byte that the file refused, the kernel would have taken no other either.
  if (error_ != 0 || landed == cluster.bytes()) return cache_.discard(cluster.offset);
  Transfer& next = transfer(first_in_flight_ + in_flight_++);
  describe(next, cluster);
  if (!here) {
    writer().submit(next);
    state().in_flight.enters(*this);
    return tell_progress();
  }
  carry_out(next);
  next.state.store(0, std::memory_order_relaxed);
  reap_done();
}

void Inode::decide_rung(size_t bytes) {
  if (device_.direct_fd() >= 0 && !is_behind(device_.direct_fd())) {  // closed behind our back
    give_up(device_.direct_fd());
    device_.lose_direct();
  }
  const uint64_t before = counters_.bytes_written + counters_.bytes_passed;
  if (device_.decided() || before + bytes < config().direct_min) return;
  device_.decide(plain_, appends());
  if (device_.direct_fd() >= 0) hide(device_.direct_fd());
  if (device_.rung() == Rung::kPlain) wanted_ = HandBack::kMemoryFs;
}

void Inode::describe(Transfer& transfer, const Cluster& cluster) {
  Ledger& ledger = ClusterPool::ledger_of(cluster);
  const uint32_t landed = ledger.landed.load(std::memory_order_relaxed);
  transfer.offset = cluster.offset + landed;
  transfer.bytes = cluster.bytes() - landed;
  transfer.data = cluster.data(cache_.cluster_size()) + landed;
  transfer.landed = &ledger.landed;
  device_.prepare(transfer, plain_, std::min(config().direct_min, kWorthAThread));
}

void Inode::wait_oldest() {
  Transfer& oldest = transfer(first_in_flight_);
  if (!Writer::done(oldest)) {
    const uint64_t before = now_ns();
    Writer::wait(oldest);
    const uint64_t after = now_ns();
    ++counters_.waits;
    counters_.wait_ns += after - before;
    note_wait(before, after);
  }
  reap_done();
}

/// The writer takes what all files have submitted in turn, so what has waited longest is free
/// first. Without any, writing out our own makes room.
void Inode::await_room() {
  if (await_another()) return;
  if (in_flight_ > 0)
    wait_oldest();
  else
    drain();
}

/// False: none that has something in flight can be locked, but this one.
bool Inode::await_another() {
  Inode* const other = state().in_flight.lock_oldest();
  if (other == nullptr) return false;
  other->wait_oldest();
  if (other->in_flight_ > 0) state().in_flight.becomes_newest(*other);
  other->lock.unlock();
  return true;
}

void Inode::reap_done() {
  const unsigned before = in_flight_;
  while (in_flight_ > 0 && Writer::done(transfer(first_in_flight_))) {
    Transfer& oldest = transfer(first_in_flight_);
    if (lost_its_way(oldest)) carry_on(oldest);
    settle_accepted(oldest);
    if (oldest.written < oldest.bytes) claim_cached();
    cache_.discard(oldest.offset);
    ++first_in_flight_;
    if (--in_flight_ == 0) state().in_flight.leaves(*this);
  }
  if (in_flight_ < before) tell_progress();
}

/// The rest of one that lost its way goes by the program's own number, if there is one: whoever
/// closes ours may do so again.
void Inode::carry_on(Transfer& transfer) {
  // Those behind it are not to be the first to find it.
  for (unsigned i = 0; i < in_flight_; ++i) Writer::wait(this->transfer(first_in_flight_ + i));
  const int fd = number_of_writer();
  if (fd < 0 || transfer.written == transfer.bytes) return;
  device_.forget_refusal();
  Transfer rest{};
  device_.prepare(rest, fd, 0);
  rest.direct = -1;
  rest.offset = transfer.offset + static_cast<int64_t>(transfer.written);
  rest.data = transfer.data + transfer.written;
  rest.bytes = transfer.bytes - transfer.written;
  rest.landed = transfer.landed;
  carry_out(rest);
  transfer.plain = rest.plain;
  transfer.rung = rest.rung;
  transfer.written += rest.written;
  transfer.error = rest.error;
}

void Inode::settle(const Transfer& transfer) {
  if (const int lost = device_.learn(transfer); lost != 0) note_loss(transfer.plain, lost);
  if (device_.rung() == Rung::kPlain) wanted_ = HandBack::kMemoryFs;
  counters_.bytes_written += transfer.bytes;
  counters_.bytes_direct += transfer.direct_bytes;
  counters_.bytes_buffered += transfer.written - transfer.direct_bytes;
  note_landed(transfer.written);
  if (transfer.direct_writes > 0) counters_.direct_writes.note(transfer.direct_call_bytes);
  if (transfer.error == 0) return;
  ++counters_.errors;
  wanted_ = HandBack::kError;
  if (transfer.written == transfer.bytes) return note_loss(transfer.plain, transfer.error);
  if (error_ != 0) return;
  error_ = transfer.error;
  failed_at_ = transfer.offset + static_cast<int64_t>(transfer.written);
}

/// Of bytes that had been accepted: no call has failed yet for what the file refused.
void Inode::settle_accepted(const Transfer& transfer) {
  settle(transfer);
  if (transfer.written == transfer.bytes) return;
  for (OpenFile* file = files_; file != nullptr; file = file->next)
    if (file->error == 0) file->error = transfer.error;
}

/// Keepers that raw system calls have closed, or made another file's, are had anew from the
/// program's own descriptors, which will do where there are no more to be had: nothing is ever
/// written to a number that isn't the file's.
void Inode::mend() {
  bool sound = plain_ < 0;
  for (OpenFile* file = files_; file != nullptr; file = file->next) {
    if (file->keeper < 0) continue;
    if (is_behind(file->keeper)) {
      sound = sound || plain_ == file->keeper;
      continue;
    }
    give_up(file->keeper);
    const int fd = number_of(*file);
    file->keeper = fd < 0 ? -1 : duplicate(fd);
  }
  if (sound || is_behind(plain_)) return;
  plain_ = another_way();
  for (const Cluster* each = cache_.newest(); each != nullptr; each = each->previous_written)
    ClusterPool::ledger_of(*each).fd = plain_;
}

/// A descriptor that the file can be written by, one of ours if possible; -1: none is left.
int Inode::another_way() const {
  for (const OpenFile* file = files_; file != nullptr; file = file->next)
    if (file->keeper >= 0) return file->keeper;
  return number_of_writer();
}

/// One of the program's descriptors that the file can be written by; -1: none is left.
int Inode::number_of_writer() const {
  int fd = -1;
  for (const OpenFile* file = files_; file != nullptr && fd < 0; file = file->next)
    if (file->caches()) fd = number_of(*file);
  return fd;
}

/// One of the program's descriptors of it; -1: none is left.
int Inode::number_of(const OpenFile& file) const {
  const FdTable& table = state().fds;
  for (int fd = 0; fd <= table.highest(); ++fd)
    if (table[fd].file() == &file && is_behind(fd)) return fd;
  return -1;
}

/// Bytes that the kernel had taken are lost, and told to our number for a description: the program
/// must hear of it instead. Its other descriptions, the kernel tells itself.
void Inode::note_loss(int keeper, int error) {
  wanted_ = HandBack::kError;
  for (OpenFile* file = files_; file != nullptr; file = file->next)
    if (file->keeper == keeper && file->error == 0) file->error = error;
}

void Inode::drain() {
  state().by_use.leaves(*this);
  if (cache_.empty()) return trim_space();
  ++counters_.drains;
  end_ = tail();
  flush_finished();
  cache_.finish();
  if (const Cluster* const last = cache_.next_flush(false)) flush(*last, true);
  wait_all();
  trim_space();
  if (holder_ == nullptr) busy_.store(false, std::memory_order_release);
}

void Inode::publish() {
  if (holder_ == nullptr) return;
  mend();
  const int64_t position = error_ != 0 ? failed_at_ : tail();
  // Either number may have been closed behind our back.
  if (sys::call_with(__NR_lseek, holder_->keeper, position, SEEK_SET) == -EBADF)
    sys::call_with(__NR_lseek, number_of(*holder_), position, SEEK_SET);
  holder_ = nullptr;
  if (cache_.empty()) busy_.store(false, std::memory_order_release);
}

void Inode::hand_over_interrupted() {
  mend();
  wait_all();
  end_ = tail();
  if (Cluster* const cluster = cache_.detach_unfinished()) {
    note_accepted(cluster->bytes());
    if (claim(*cluster) < cluster->bytes()) {
      Transfer rest{};
      describe(rest, *cluster);
      carry_out(rest);
      if (lost_its_way(rest)) carry_on(rest);
      settle_accepted(rest);
    }
    ClusterPool::ledger_of(*cluster).state.store(Ledger::kFree, std::memory_order_release);
    cluster->next_written = orphans_;
    orphans_ = cluster;
  }
  trim_space();
  publish();
  busy_.store(false, std::memory_order_release);
}

void Inode::release_orphans() {
  while (Cluster* const cluster = orphans_) {
    orphans_ = cluster->next_written;
    pool().release(cluster);
  }
}

void Inode::hand_back(HandBack reason) {
  hand_over();
  wanted_ = HandBack::kNone;
  if (reason == HandBack::kMapped || reason == HandBack::kAsync) written_by_no_call_ = true;
  if (passing()) return;
  handed_back_ = reason;
  ++counters_.hand_backs[static_cast<size_t>(reason)];
  passing_.store(true, std::memory_order_release);
  log_hand_back(*this, reason);
  for (OpenFile* file = files_; file != nullptr; file = file->next) let_go(*file);
  const int lost = close_direct();
  for (OpenFile* file = files_; file != nullptr && lost != 0; file = file->next)
    if (file->error == 0) file->error = lost;
}

void Inode::claim_all() {
  for (OpenFile* file = files_; file != nullptr; file = file->next) {
    file->claimed = true;
    // The promise was that nobody else appends.
    if (file->append) file->bypass = true;
  }
}

int Inode::take_error(OpenFile& file) {
  const int error = file.error != 0 ? file.error : error_;
  if (error == 0) return 0;
  hand_back(HandBack::kError);
  // Told once, however many clusters it cost.
  error_ = file.error = 0;
  device_.forget_refusal();
  return error;
}

void Inode::note_passed(size_t bytes) {
  constexpr unsigned kWorthTelling = 20;  // a MiB
  std::atomic_ref(counters_.calls_passed).fetch_add(1, std::memory_order_relaxed);
  const uint64_t before =
      std::atomic_ref(counters_.bytes_passed).fetch_add(bytes, std::memory_order_relaxed);
  if (before >> kWorthTelling != (before + bytes) >> kWorthTelling) tell_progress();
}

void Inode::tell_progress() {
  if (progress() == nullptr) return;
  uint64_t in_flight = 0;
  for (unsigned i = 0; i < in_flight_; ++i) in_flight += transfer(first_in_flight_ + i).bytes;
  Tallies now;
  now[Tally::kWrites] = calls();
  now[Tally::kLanded] = counters_.bytes_written + counters_.bytes_passed;
  now[Tally::kAccepted] = now[Tally::kLanded] + in_flight;
  now[Tally::kDirect] = counters_.bytes_direct;
  now[Tally::kWaits] = counters_.waits;
  now[Tally::kWaitNs] = counters_.wait_ns;
  now[Tally::kErrors] = counters_.errors;
  progress_.tell(*progress(), now, id_, path_);
}

void Inode::note_trial(const Trial& trial, int64_t position) {
  if (trial.bytes == 0) return;
  note_passed(trial.bytes);
  if (!passing()) device_.note_edge(std::max<int64_t>(0, position - trial.bytes), position);
}

void Inode::note_bypass(HandBack reason) {
  ++counters_.hand_backs[static_cast<size_t>(reason)];
  if (handed_back_ == HandBack::kNone) handed_back_ = reason;
}

bool Inode::vacate(int fd) {
  OpenFile* keeper_of = files_;
  while (keeper_of != nullptr && keeper_of->keeper != fd) keeper_of = keeper_of->next;
  if (keeper_of == nullptr && device_.direct_fd() != fd) return false;
  hand_over();
  if (!is_behind(fd)) return false;
  if (keeper_of != nullptr) device_.drop_edges(fd);
  const int moved = duplicate(fd);
  give_up(fd);
  if (keeper_of == nullptr) {
    device_.direct_fd_moved(moved);
  } else {
    keeper_of->keeper = moved;
    if (plain_ == fd) plain_ = moved;
  }
  if (moved < 0) hand_back(HandBack::kDescriptors);
  return true;
}

}  // namespace seqshim
