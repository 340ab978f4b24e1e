#include "shim/guard/recovery.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/stat.h>

#include <algorithm>

#include "shim/device/private_fds.h"
#include "shim/system/patience.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

bool is_file(int fd, uint64_t device, uint64_t inode, struct stat& facts) {
  return fd >= kLeastPrivate && sys::call_with(__NR_fstat, fd, &facts) == 0 &&
         S_ISREG(facts.st_mode) && facts.st_dev == device && facts.st_ino == inode;
}

/// The number of entries that were ever in use, whatever the segment says.
size_t entries(const Segment& segment) {
  const size_t used = segment.words().used_entries.load(std::memory_order_acquire);
  return used < segment.slots() ? used : segment.slots();
}

/// What an entry says, each number read once.
struct Due {
  int fd;
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
  due.fd = entry.ledger.fd;
  due.appends = entry.ledger.appends;
  due.offset = offset + landed;
  due.data = segment.slot(index) + within + landed;
  due.bytes = used - landed;
  due.used = used;
  return true;
}

/// Whether the entry's descriptor is what it says.
bool may_write(const Ledger& ledger, const Due& due, struct stat& facts) {
  if (!is_file(due.fd, ledger.device, ledger.inode, facts)) return false;
  const long flags = sys::call_with(__NR_fcntl, due.fd, F_GETFL);
  if (flags < 0 || (flags & O_PATH) != 0) return false;
  return (flags & O_ACCMODE) != O_RDONLY && ((flags & O_APPEND) != 0) == due.appends;
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

/// Returns whether all of it is in the file.
bool write_out(const Due& due) {
  Patience patience(999);
  size_t done = 0;
  while (done < due.bytes) {
    const long result = sys::call_with(__NR_pwrite64, due.fd, due.data + done, due.bytes - done,
                                       due.offset + static_cast<int64_t>(done));
    if (patience.again(result == -EINTR || result == -EAGAIN || result == -ENOMEM)) continue;
    if (result <= 0) return false;
    done += static_cast<size_t>(result);
  }
  return true;
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
    if (!is_held(entry.ledger) || entry.ledger.inode != reservation.inode ||
        entry.ledger.device != reservation.device)
      continue;
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
  if (!is_file(reservation.fd, reservation.device, reservation.inode, facts)) return;
  // Elsewhere, either it didn't come to the reservation, or others have written behind it.
  if (sys::call_with(__NR_lseek, reservation.fd, 0L, SEEK_CUR) == from + bytes)
    sys::call_with(__NR_lseek, reservation.fd, reached, SEEK_SET);
}

void recover_entry(const Segment& segment, size_t index) {
  Ledger& ledger = segment.entry(index).ledger;
  Due due;
  struct stat facts;
  if (!read_entry(segment, index, due) || !may_write(ledger, due, facts)) return;
  if (due.appends) skip_landed(due, facts.st_size);
  if (write_out(due)) ledger.state.store(Ledger::kFree, std::memory_order_release);
}

/// The entry with the lowest offset not below `least` that is held and appends, and the lowest
/// number of several; slots() if there is none.
size_t next_to_append(const Segment& segment, int64_t least) {
  size_t next = segment.slots();
  for (size_t i = 0, count = entries(segment); i < count; ++i) {
    const Entry& entry = segment.entry(i);
    if (!is_held(entry.ledger) || !entry.ledger.appends || entry.cluster.offset < least) continue;
    if (next == segment.slots() || entry.cluster.offset < segment.entry(next).cluster.offset)
      next = i;
  }
  return next;
}

/// In the order of their offsets: the files among each other don't matter.
void recover_appended(const Segment& segment) {
  int64_t least = 0;
  for (size_t next; (next = next_to_append(segment, least)) < segment.slots();) {
    const int64_t offset = segment.entry(next).cluster.offset;
    for (size_t i = next, count = entries(segment); i < count; ++i) {
      const Entry& entry = segment.entry(i);
      if (is_held(entry.ledger) && entry.ledger.appends && entry.cluster.offset == offset)
        recover_entry(segment, i);
    }
    if (offset == INT64_MAX) return;
    least = offset + 1;
  }
}

/// The ledger is ours meanwhile.
void flush_entry(const Segment& segment, size_t index) {
  Ledger& ledger = segment.entry(index).ledger;
  Due due;
  struct stat facts;
  if (!read_entry(segment, index, due) || !may_write(ledger, due, facts)) return;
  // The owner may have others of the file under way, which come first.
  if (due.appends && facts.st_size != due.offset) return;
  if (write_out(due)) ledger.landed.store(due.used, std::memory_order_release);
}

/// Whether the file lacks any of it, or may come to: more can be accepted into one that nobody is
/// writing.
bool is_due(const Entry& entry) {
  const uint32_t state = entry.ledger.state.load(std::memory_order_acquire);
  return state == Ledger::kAccepted ||
         (state != Ledger::kFree &&
          entry.ledger.landed.load(std::memory_order_relaxed) < entry.cluster.bytes());
}

void look_at(const Segment& segment, size_t index) {
  const Entry& entry = segment.entry(index);
  Ledger& ledger = segment.entry(index).ledger;
  uint32_t accepted = Ledger::kAccepted;
  if (ledger.state.load(std::memory_order_acquire) != accepted) return;
  const uint32_t used = entry.cluster.bytes();
  const bool rests = ledger.seen == used;
  ledger.seen = used;
  if (!rests || ledger.landed.load(std::memory_order_relaxed) >= used) return;
  if (!ledger.state.compare_exchange_strong(accepted, Ledger::kGuard)) return;
  flush_entry(segment, index);
  // Unless the owner has given us up for dead, and taken it back.
  uint32_t ours = Ledger::kGuard;
  ledger.state.compare_exchange_strong(ours, Ledger::kAccepted, std::memory_order_release);
  sys::call_with(__NR_futex, &ledger.state, FUTEX_WAKE, INT32_MAX);
}

}  // namespace

void recover(const Segment& segment) {
  for (size_t i = 0; i < Segment::kReservations; ++i) {
    const Reservation& reservation = segment.reservation(i);
    if (reservation.state.load(std::memory_order_acquire) == Reservation::kPending)
      take_back(segment, reservation);
  }
  for (size_t i = 0, count = entries(segment); i < count; ++i) {
    const Ledger& ledger = segment.entry(i).ledger;
    if (is_held(ledger) && !ledger.appends) recover_entry(segment, i);
  }
  recover_appended(segment);
}

void flush_rested(const Segment& segment) {
  for (size_t i = 0, count = entries(segment); i < count; ++i) look_at(segment, i);
}

bool anything_held(const Segment& segment) {
  for (size_t i = 0, count = entries(segment); i < count; ++i)
    if (is_due(segment.entry(i))) return true;
  return false;
}

}  // namespace seqshim
