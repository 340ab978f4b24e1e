#include "shim/guard/recovery.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/stat.h>

#include <algorithm>

#include "shim/device/private_fds.h"
#include "shim/device/transfer.h"
#include "shim/system/patience.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

bool is_ours(int fd, const FileId& file, struct stat& facts) {
  return fd >= kLeastPrivate && sys::call_with(__NR_fstat, fd, &facts) == 0 &&
         S_ISREG(facts.st_mode) && id_of(facts) == file;
}

/// The number of entries that were ever in use, whatever the segment says.
size_t entries(const Segment& segment) {
  const size_t used = segment.words().used_entries.load(std::memory_order_acquire);
  return used < segment.slots() ? used : segment.slots();
}

/// What an entry says, each number read once.
struct Due {
  FileId file;
  int fd;
  int direct;  // -1: none that may be used
  uint32_t unit;
  bool appends;
  int64_t offset;  // of the first byte due
  const std::byte* data;
  size_t bytes;
  uint32_t used;
};

/// False: nothing is due, or the entry makes no sense.
bool read_entry(const Segment& segment, size_t index, Due& due) {
  const Entry& entry = segment.entry(index);
  const size_t size = segment.cluster_size();
  const int64_t offset = *const_cast<const volatile int64_t*>(&entry.cluster.offset);
  const uint32_t used = entry.cluster.bytes();
  const uint32_t landed = entry.ledger.landed.load(std::memory_order_relaxed);
  if (offset < 0 || offset > INT64_MAX - static_cast<int64_t>(kMaxClusterSize)) return false;
  const size_t within = static_cast<size_t>(offset) & (size - 1);
  if (used > size - within || landed >= used) return false;
  due.file = entry.ledger.file;
  due.fd = entry.ledger.fd;
  due.direct = entry.ledger.direct;
  due.unit = entry.ledger.unit;
  due.appends = entry.ledger.appends != 0;
  due.offset = offset + landed;
  due.data = segment.slot(index) + within + landed;
  due.bytes = used - landed;
  due.used = used;
  return true;
}

/// Whether `fd` is open for writing, and those of its flags that `mask` names are `wanted`.
bool is_writable(int fd, long mask, long wanted) {
  const long flags = sys::call_with(__NR_fcntl, fd, F_GETFL);
  if (flags < 0 || (flags & O_PATH) != 0) return false;
  return (flags & O_ACCMODE) != O_RDONLY && (flags & mask) == wanted;
}

/// Without the library function that std::has_single_bit is on some machines.
bool is_power_of_two(uint32_t number) { return number != 0 && (number & (number - 1)) == 0; }

/// Whether the entry's descriptor is what it says. A direct one that isn't is done without.
bool may_write(Due& due, struct stat& facts) {
  const long append = due.appends ? O_APPEND : 0;
  if (!is_ours(due.fd, due.file, facts) || !is_writable(due.fd, O_APPEND, append)) return false;
  struct stat same;
  if (!is_power_of_two(due.unit) || !is_ours(due.direct, due.file, same) ||
      !is_writable(due.direct, O_APPEND | O_DIRECT, append | O_DIRECT))
    due.direct = -1;
  return true;
}

/// Leaves out what has landed unrecorded: a file that is appended to has one writer here, so its
/// size tells.
void skip_landed(Due& due, int64_t size) {
  if (size <= due.offset) return;
  const auto landed = static_cast<uint64_t>(size - due.offset);
  const size_t skipped = landed < due.bytes ? static_cast<size_t>(landed) : due.bytes;
  due.offset += static_cast<int64_t>(skipped);
  due.data += skipped;
  due.bytes -= skipped;
}

/// How much of it is in the file; `error` says why the rest isn't. Whole units go direct here too:
/// it is where memory is short that processes die, and the page cache would want some.
size_t write_out(const Due& due, int& error) {
  Patience patience(999);
  for (size_t done = 0;;) {
    Transfer rest{};
    rest.file = due.file;
    rest.plain = due.fd;
    rest.direct = due.direct;
    rest.rung = Rung::kDirect;
    rest.unit = due.unit;
    rest.offset = due.offset + static_cast<int64_t>(done);
    rest.data = due.data + done;
    rest.bytes = due.bytes - done;
    carry_out(rest);
    done += rest.written;
    if (patience.again(rest.error == ENOMEM)) continue;
    error = rest.error;
    return done;
  }
}

bool is_held(const Ledger& ledger) {
  return ledger.state.load(std::memory_order_acquire) != Ledger::kFree;
}

/// How far the reserved place is filled: its owner may not have come to say so.
int64_t filled_up_to(const Segment& segment, const Reservation& reservation, int64_t from,
                     int64_t bytes) {
  int64_t reached = reservation.reached.load(std::memory_order_relaxed);
  for (size_t i = 0, count = entries(segment); i < count; ++i) {
    const Entry& entry = segment.entry(i);
    if (!is_held(entry.ledger) || entry.ledger.file != reservation.file) continue;
    const int64_t offset = *const_cast<const volatile int64_t*>(&entry.cluster.offset);
    if (offset < 0 || offset >= from + bytes) continue;
    reached = std::max(reached, offset + static_cast<int64_t>(entry.cluster.bytes()));
  }
  return reached;
}

/// As if the write had not begun, or had been short: the next one comes right behind what is there.
void take_back(const Segment& segment, const Reservation& reservation) {
  const int64_t from = reservation.from.load(std::memory_order_relaxed);
  const int64_t bytes = reservation.bytes;
  struct stat facts;
  if (from < 0 || bytes <= 0 || bytes > INT64_MAX - from) return;
  // Of a cluster no more than fits behind any offset.
  if (from + bytes > INT64_MAX - static_cast<int64_t>(UINT32_MAX)) return;
  const int64_t reached = filled_up_to(segment, reservation, from, bytes);
  if (reached < from || reached >= from + bytes) return;
  if (!is_ours(reservation.fd, reservation.file, facts)) return;
  // Elsewhere, either it didn't come to the reservation, or others have written behind it.
  if (sys::call_with(__NR_lseek, reservation.fd, 0L, SEEK_CUR) == from + bytes)
    sys::call_with(__NR_lseek, reservation.fd, reached, SEEK_SET);
}

// The line: the numbers of the held entries, in the order in which they are to be written. There is
// no memory to be had for it but the guard's own field of the entries, one after the other.

uint32_t& in_line(const Segment& segment, size_t place) { return segment.entry(place).ledger.seen; }

size_t index_in_line(const Segment& segment, size_t place) {
  const uint32_t index = in_line(segment, place);
  return index < segment.slots() ? index : 0;
}

const Entry& entry_in_line(const Segment& segment, size_t place) {
  return segment.entry(index_in_line(segment, place));
}

/// File by file. What appends comes in the order of the offsets, since it lands at the end.
bool comes_before(const Segment& segment, size_t place, size_t other_place) {
  const Entry& one = entry_in_line(segment, place);
  const Entry& other = entry_in_line(segment, other_place);
  if (one.ledger.file != other.ledger.file) return one.ledger.file < other.ledger.file;
  if (one.ledger.appends != other.ledger.appends) return one.ledger.appends < other.ledger.appends;
  if (one.cluster.offset != other.cluster.offset) return one.cluster.offset < other.cluster.offset;
  return &one < &other;
}

void exchange(const Segment& segment, size_t place, size_t other_place) {
  const uint32_t index = in_line(segment, place);
  in_line(segment, place) = in_line(segment, other_place);
  in_line(segment, other_place) = index;
}

/// Down to its place in a heap of `count`, on top of which is the last in line.
void sink(const Segment& segment, size_t place, size_t count) {
  for (size_t below = 0; (below = 2 * place + 1) < count; place = below) {
    if (below + 1 < count && comes_before(segment, below, below + 1)) ++below;
    if (!comes_before(segment, place, below)) return;
    exchange(segment, place, below);
  }
}

/// By heap sort, which ends in time and stays in its place whatever it is told of the order.
/// Returns the line's length.
size_t line_up(const Segment& segment) {
  size_t length = 0;
  for (size_t i = 0, count = entries(segment); i < count; ++i)
    if (is_held(segment.entry(i).ledger)) in_line(segment, length++) = static_cast<uint32_t>(i);
  for (size_t place = length / 2; place-- > 0;) sink(segment, place, length);
  for (size_t rest = length; rest-- > 1;) {
    exchange(segment, 0, rest);
    sink(segment, 0, rest);
  }
  return length;
}

void add(FileOutcome::Sum& sum, uint64_t bytes, uint64_t clusters) {
  sum.bytes += bytes;
  if (bytes > 0) sum.clusters += clusters;
}

void recover_entry(const Segment& segment, size_t index, FileOutcome& file) {
  Ledger& ledger = segment.entry(index).ledger;
  Due due;
  struct stat facts;
  if (!read_entry(segment, index, due)) return;
  int error = EBADF;
  size_t written = 0;
  if (may_write(due, facts)) {
    file.fd = due.fd;
    if (due.appends) skip_landed(due, facts.st_size);
    // Behind what is lost an append would land in another's place.
    if (!due.appends || file.lost.bytes == 0) written = write_out(due, error);
  }
  add(file.written, written, 1);
  add(file.lost, due.bytes - written, 1);
  if (written == due.bytes)
    ledger.state.store(Ledger::kFree, std::memory_order_release);
  else if (file.error == 0)
    file.error = error;
}

void note(const FileOutcome& file, Recovery& outcome) {
  if (file.written.bytes == 0 && file.lost.bytes == 0) return;
  if (outcome.count < Recovery::kMost) {
    outcome.files[outcome.count++] = file;
    return;
  }
  FileOutcome& others = outcome.files[Recovery::kMost - 1];
  add(others.written, file.written.bytes, file.written.clusters);
  add(others.lost, file.lost.bytes, file.lost.clusters);
  if (others.error == 0) others.error = file.error;
  others.fd = -1;
}

/// All that is in line for the file of the first. Returns the place of the next one's.
size_t recover_file(const Segment& segment, size_t place, size_t length, Recovery& outcome) {
  const Ledger& first = entry_in_line(segment, place).ledger;
  FileOutcome file{.written = {}, .lost = {}, .error = 0, .fd = -1};
  do recover_entry(segment, index_in_line(segment, place), file);
  while (++place < length && entry_in_line(segment, place).ledger.file == first.file);
  note(file, outcome);
  return place;
}

/// Whether the owner is writing, or has failed to write, other bytes of the same file: those behind
/// them would show a hole before them, which stays if they fail.
bool must_wait(const Segment& segment, size_t index) {
  const Ledger& own = segment.entry(index).ledger;
  for (size_t i = 0, count = entries(segment); i < count; ++i) {
    const Entry& other = segment.entry(i);
    if (i != index && is_held(other.ledger) && other.ledger.file == own.file &&
        other.ledger.landed.load(std::memory_order_acquire) < other.cluster.bytes())
      return true;
  }
  return false;
}

/// The ledger is ours meanwhile.
void flush_entry(const Segment& segment, size_t index) {
  Ledger& ledger = segment.entry(index).ledger;
  Due due;
  struct stat facts;
  if (!read_entry(segment, index, due) || !may_write(due, facts)) return;
  // The owner may have others of the file under way, which come first.
  if (due.appends && facts.st_size != due.offset) return;
  int error = 0;
  const size_t left = due.bytes - write_out(due, error);
  ledger.landed.store(due.used - static_cast<uint32_t>(left), std::memory_order_release);
}

/// Of what a guard has appended that was killed meanwhile, the size alone tells.
void count_appended(Entry& entry) {
  Ledger& ledger = entry.ledger;
  const Cluster& cluster = entry.cluster;
  struct stat facts;
  if (!is_open_on(ledger.fd, ledger.file) || cluster.offset < 0 ||
      sys::call_with(__NR_fstat, ledger.fd, &facts) != 0 || facts.st_size < cluster.offset)
    return;
  const auto there = static_cast<uint64_t>(facts.st_size - cluster.offset);
  const uint32_t landed = there < cluster.bytes() ? static_cast<uint32_t>(there) : cluster.bytes();
  if (landed > ledger.landed.load(std::memory_order_relaxed))
    ledger.landed.store(landed, std::memory_order_release);
}

/// Whether the file lacks any of it, or may come to: more can be accepted into one that nobody is
/// writing.
bool is_due(const Entry& entry) {
  const uint32_t state = entry.ledger.state.load(std::memory_order_acquire);
  return state == Ledger::kAccepted ||
         (state != Ledger::kFree &&
          entry.ledger.landed.load(std::memory_order_relaxed) < entry.cluster.bytes());
}

/// Unless the owner has given the guard up for dead, and taken it back.
void give_up(Ledger& ledger) {
  uint32_t guards = Ledger::kGuard;
  ledger.state.compare_exchange_strong(guards, Ledger::kAccepted, std::memory_order_release);
  sys::call_with(__NR_futex, &ledger.state, FUTEX_WAKE, INT32_MAX);
}

/// The kernel's tables for where the cluster lies are made now, not when its bytes are to be
/// written: by then there may be no memory for them.
void reach(const Segment& segment, size_t index) {
  Due due;
  if (read_entry(segment, index, due)) *const_cast<const volatile std::byte*>(due.data);
}

void look_at(const Segment& segment, size_t index) {
  const Entry& entry = segment.entry(index);
  Ledger& ledger = segment.entry(index).ledger;
  uint32_t accepted = Ledger::kAccepted;
  if (ledger.state.load(std::memory_order_acquire) != accepted) return;
  const uint32_t used = entry.cluster.bytes();
  const bool rests = ledger.seen == used;
  ledger.seen = used;
  if (!rests) reach(segment, index);
  if (!rests || ledger.landed.load(std::memory_order_relaxed) >= used) return;
  if (must_wait(segment, index)) return;
  if (!ledger.state.compare_exchange_strong(accepted, Ledger::kGuard)) return;
  flush_entry(segment, index);
  give_up(ledger);
}

}  // namespace

void recover(const Segment& segment, Recovery& outcome) {
  for (size_t i = 0; i < Segment::kReservations; ++i) {
    Reservation& reservation = segment.reservation(i);
    if (reservation.state.load(std::memory_order_acquire) != Reservation::kPending) continue;
    take_back(segment, reservation);
    // Once: others go on from there, and may come to the same offset again.
    reservation.state.store(Reservation::kIdle, std::memory_order_release);
  }
  const size_t length = line_up(segment);
  for (size_t place = 0; place < length;) place = recover_file(segment, place, length, outcome);
}

void flush_rested(const Segment& segment) {
  for (size_t i = 0, count = entries(segment); i < count; ++i) look_at(segment, i);
}

void take_over(Entry& entry) {
  if (entry.ledger.state.load(std::memory_order_acquire) != Ledger::kGuard) return;
  if (entry.ledger.appends != 0) count_appended(entry);
  give_up(entry.ledger);
}

void take_over_all(const Segment& segment) {
  for (size_t i = 0, count = entries(segment); i < count; ++i) take_over(segment.entry(i));
}

bool anything_held(const Segment& segment) {
  for (size_t i = 0, count = entries(segment); i < count; ++i)
    if (is_due(segment.entry(i))) return true;
  return false;
}

}  // namespace seqshim
