#include "shim/guard/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

#include <initializer_list>

#include "shim/device/private_fds.h"
#include "shim/guard/account.h"
#include "shim/guard/heir.h"
#include "shim/guard/recovery.h"
#include "shim/system/map_pages.h"
#include "shim/system/own_object.h"
#include "shim/system/put_text.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kStackBytes = 16384;
/// How long an owner that gives nothing to do is watched.
constexpr int64_t kQuietMs = 10'000;
/// How long it may take an owner to die that has begun to.
constexpr int64_t kDyingMs = 1000;

// All that the guard has, besides the segment. The owner's copies are never touched.
alignas(64) constinit std::byte stack[kStackBytes];
constinit Orders orders_of_guard{};
constinit Segment segment;
constinit int owner_in_proc = 0;  // the owner's number there; 0: it can't be seen
constinit char log_path[PATH_MAX]{};
constinit Recovery outcome{};

[[noreturn]] void leave() {
  for (;;) sys::call_with(__NR_exit_group, 0);
}

// Letting go of the owner's memory

/// The orders are needed longer, and so is the log's path.
void take(const Orders& orders) {
  orders_of_guard = orders;
  orders_of_guard.log_path = nullptr;
  if (orders.log_path == nullptr) return;
  for (size_t i = 0; i < sizeof log_path; ++i) {
    log_path[i] = orders.log_path[i];
    if (log_path[i] != '\0') continue;
    orders_of_guard.log_path = log_path;
    return;
  }
  // No file has so long a path.
}

/// Everything but the object that this code is in. As long as both have it, each page that the
/// owner writes to is copied.
void drop_memory() {
  const AddressRange own = own_object();
  sys::call_with(__NR_munmap, 0L, own.start);
  // The end of the address space depends on the machine.
  for (const unsigned bits : {48, 47, 42, 39}) {
    const uintptr_t end = (uintptr_t{1} << bits) - kPage;
    if (own.end < end && sys::call_with(__NR_munmap, own.end, end - own.end) == 0) return;
  }
}

bool map_segment() {
  const Orders& orders = orders_of_guard;
  if (!orders.file.is_there()) return false;
  const size_t bytes = Segment::bytes_for(orders.cluster_size, orders.slots);
  void* const base = sys::map_pages(bytes, MAP_SHARED, orders.file.fd);
  if (base == nullptr) return false;
  segment = Segment(static_cast<std::byte*>(base), orders.cluster_size, orders.slots);
  return true;
}

// Becoming a process of its own

/// Where memory has run out, the one that can still save the bytes is not to be the next to die.
/// Only who has CAP_SYS_RESOURCE may ask for it, which root in a container often lacks.
void be_spared() {
  const long fd =
      sys::call_with(__NR_openat, AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  sys::call_with(__NR_write, fd, "-1000", 5);
  sys::call_with(__NR_close, fd);
}

/// The number in what /proc tells of a process descriptor.
int number_told(const char* text, const char* end) {
  constexpr char kLine[] = "\nPid:\t";
  constexpr int kBytes = sizeof kLine - 1;
  int matched = 0, number = 0;
  for (; text < end && matched < kBytes; ++text)
    matched = *text == kLine[matched] ? matched + 1 : *text == kLine[0] ? 1 : 0;
  for (; text < end && *text >= '0' && *text <= '9'; ++text) number = number * 10 + (*text - '0');
  return number;
}

/// /proc may have been left from an outer namespace, where processes have other numbers.
void find_owner_in_proc() {
  char path[40], text[512];
  put_number(put_text(path, "/proc/self/fdinfo/"), orders_of_guard.owner_fd);
  const long fd = sys::call_with(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  const long bytes = sys::call_with(__NR_read, fd, text, sizeof text);
  sys::call_with(__NR_close, fd);
  if (bytes > 0) owner_in_proc = number_told(text, text + bytes);
}

/// What the guard will write to is its own from now on, while there is memory for that: where it
/// has run out, whoever asks for some may be the next to die.
void own_pages(volatile std::byte* start, size_t bytes) {
  for (size_t at = 0; at < bytes; at += kPage) start[at] = start[at];
  start[bytes - 1] = start[bytes - 1];
}

/// Before the arrival: the descriptor table is the owner's too, who would find a number taken, or a
/// directory in use.
void detach() {
  be_spared();
  find_owner_in_proc();
  sys::call_with(__NR_chdir, "/");
  const uint64_t all = ~uint64_t{0};
  sys::call_with(__NR_rt_sigprocmask, SIG_SETMASK, &all, nullptr, sizeof all);
}

/// From where there is an heir: its pages are no longer ours alone.
void settle_in() {
  own_pages(stack, sizeof stack);
  own_pages(reinterpret_cast<std::byte*>(&outcome), sizeof outcome);
}

void arrive() {
  uint32_t coming = SegmentWords::kComing;
  segment.words().watch.compare_exchange_strong(coming, SegmentWords::kOnWatch);
  sys::call_with(__NR_futex, &segment.words().watch, FUTEX_WAKE, 1);
}

// The watch

int64_t now_ms() {
  timespec now;
  sys::call_with(__NR_clock_gettime, CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

/// Another process has the owner's number by now.
bool is_another(long fd) {
  const uint64_t inode = inode_of_process(fd);
  return inode != 0 && orders_of_guard.owner_inode != 0 && inode != orders_of_guard.owner_inode;
}

/// A new descriptor of the owner instead of one that the program, or the kernel, has closed or made
/// another file's: those say anything at all. Returns whether the owner is gone.
bool look_anew() {
  const long fd = sys::call_with(__NR_pidfd_open, orders_of_guard.owner, 0);
  if (fd < 0) return fd == -ESRCH;
  pollfd owner{static_cast<int>(fd), POLLIN, 0};
  constexpr timespec kNow{};
  // The number is low, and the owner may make it another file's meanwhile: then nothing is known.
  const bool gone =
      (is_another(fd) || sys::call_with(__NR_ppoll, &owner, 1, &kNow, nullptr, 0) > 0) &&
      is_of_a_process(fd);
  if (!is_of_a_process(fd)) return false;
  if (!gone) {
    orders_of_guard.owner_fd =
        static_cast<int>(sys::call_with(__NR_fcntl, fd, F_DUPFD_CLOEXEC, kLeastPrivate));
  }
  sys::call_with(__NR_close, fd);
  return gone;
}

/// Whether the owner is gone within `ms`. To believe that of a living one would be to close its
/// descriptors: it isn't taken from the one that was waited on.
bool await_end_of_owner(int64_t ms) {
  const timespec limit{.tv_sec = static_cast<time_t>(ms / 1000),
                       .tv_nsec = static_cast<long>(ms % 1000 * 1'000'000)};
  pollfd owner{orders_of_guard.owner_fd, POLLIN, 0};
  const bool woken = sys::call_with(__NR_ppoll, &owner, 1, &limit, nullptr, 0) > 0;
  if (!woken && owner.fd >= 0) return false;
  if (look_anew()) return true;
  // Without a descriptor to be had there is only time to wait for.
  if (woken && orders_of_guard.owner_fd == owner.fd) orders_of_guard.owner_fd = -1;
  return false;
}

/// Where the owner's `what` in /proc leads, a link: its length or an error is all that is looked
/// at.
long follow(const char* what) {
  char path[40], target;
  put_text(put_number(put_text(path, "/proc/"), owner_in_proc), what);
  return sys::call_with(__NR_readlinkat, AT_FDCWD, path, &target, 1);
}

/// 0: the owner's descriptor table is ours. Above: it has none, or another. Negative: the kernel
/// won't say.
long compare_tables() {
  return sys::call_with(__NR_kcmp, orders_of_guard.owner, sys::call_with(__NR_getpid), KCMP_FILES,
                        0L, 0L);
}

/// Whether the owner is gone, or has become another program by an exec that we didn't see: then it
/// has a table of its own, without what is closed on exec, and the old one is held by us alone. A
/// thread that dies has no descriptors either, while others still write: but its memory went
/// before.
bool owner_left_its_table() {
  const int fd = orders_of_guard.owner_fd;
  if (fd < 0 || owner_in_proc == 0) return false;
  const long differ = compare_tables();
  if (differ == 0) return false;
  // To look into /proc wants memory. Where an owner dies because there is none left, whoever asks
  // for some before all of the owner's is free may be the next: one that is dying is let die first.
  if (differ > 0 && await_end_of_owner(kDyingMs)) return true;
  char number[20];
  put_number(put_text(number, "/fd/"), fd);
  return follow(number) == -ENOENT && sys::call_with(__NR_fcntl, fd, F_GETFD) >= 0 &&
         follow(number) == -ENOENT && follow("/exe") >= 0;
}

/// Whether the owner has another guard, since it couldn't reach this one any more.
bool is_relieved() {
  return segment.words().shift.load(std::memory_order_relaxed) != orders_of_guard.shift;
}

/// Whether the owner has dismissed its guard, or has had no need of one for long.
bool is_dismissed(bool held, int64_t& quiet_since) {
  const int64_t now = now_ms();
  if (held) quiet_since = now;
  std::atomic<uint32_t>& watch = segment.words().watch;
  if (is_relieved() || watch.load(std::memory_order_relaxed) != SegmentWords::kOnWatch) return true;
  if (now - quiet_since < kQuietMs) return false;
  // The owner sees it before it accepts another byte, or has accepted one already.
  uint32_t state = SegmentWords::kOnWatch;
  watch.compare_exchange_strong(state, SegmentWords::kGoing, std::memory_order_seq_cst);
  if (!anything_held(segment)) return true;
  state = SegmentWords::kGoing;
  return !watch.compare_exchange_strong(state, SegmentWords::kOnWatch);
}

/// What has not grown from one look to the next, half of the time later, has rested for at least
/// that half and at most the whole.
void watch_owner() {
  const unsigned idle_ms = orders_of_guard.idle_ms;
  const int64_t period = idle_ms > 0 ? (idle_ms + 1) / 2 : 500;
  int64_t quiet_since = now_ms();
  do {
    if (idle_ms > 0) flush_rested(segment);
    if (is_dismissed(anything_held(segment), quiet_since)) leave();
  } while (!await_end_of_owner(period) && !owner_left_its_table());
}

/// The guard has gone. Not by its own will if it was on watch: then what it was writing is due.
void come_after() {
  std::atomic<uint32_t>& watch = segment.words().watch;
  uint32_t state = watch.load();
  if (is_relieved()) leave();  // asked last: who relieves us comes on watch after that is said
  // It may have been killed when it had just seen that it can't go yet.
  const bool stays = state == SegmentWords::kOnWatch ||
                     (state == SegmentWords::kGoing && anything_held(segment) &&
                      watch.compare_exchange_strong(state, SegmentWords::kOnWatch));
  if (!stays) leave();
  take_over_all(segment);
}

[[noreturn]] void guard() {
  drop_memory();
  if (!map_segment()) leave();
  detach();
  if (leave_heir(segment.words().heir_fd)) {
    come_after();
  } else {
    settle_in();
    arrive();
  }
  watch_owner();
  if (is_relieved()) leave();
  // The table is ours and our heir's now. Nobody shall wait for the end of a pipe or for a lock
  // meanwhile.
  sys::call_with(__NR_close_range, 0, kLeastPrivate - 1, 0);
  recover(segment, outcome);
  log_outcome(orders_of_guard.log_path, orders_of_guard.owner, outcome);
  segment.words().watch.store(SegmentWords::kNobody);
  leave();
}

[[noreturn]] void continue_on(std::byte* stack_top, void (*entry)()) {
#if defined(__x86_64__)
  asm volatile("mov %0, %%rsp\n\txor %%ebp, %%ebp\n\tcall *%1\n\thlt" ::"r"(stack_top), "r"(entry)
               : "memory");
#else
  asm volatile("mov sp, %0\n\tmov x29, xzr\n\tblr %1\n\tbrk 0" ::"r"(stack_top), "r"(entry)
               : "memory");
#endif
  __builtin_unreachable();
}

}  // namespace

void watch(const Orders& orders) {
  take(orders);
  continue_on(stack + kStackBytes, guard);
}

}  // namespace seqshim
