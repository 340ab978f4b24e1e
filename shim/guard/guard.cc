#include "shim/guard/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <cstddef>
#include <initializer_list>

#include "shim/device/bare_thread.h"
#include "shim/device/private_fds.h"
#include "shim/guard/lean_copy.h"
#include "shim/guard/recovery.h"
#include "shim/guard/watch.h"
#include "shim/system/instrumented.h"
#include "shim/system/put_text.h"
#include "shim/system/syscalls.h"

namespace seqshim {
namespace {

/// A guard that is killed is started anew, but not for ever. One that went of its own accord, or
/// was dismissed, is no mishap: a program may live for years.
constexpr unsigned kMostMishaps = 1000;
/// As many does a start count for that failed: the next is likely to fail as well.
constexpr unsigned kFailedStart = 100;
/// As long as a guard that doesn't get on with a write is waited for.
constexpr timespec kPatience{.tv_sec = 0, .tv_nsec = 100'000'000};

/// Valgrind ends programs that clone in ways it doesn't know.
bool on_valgrind() {
#if defined(__x86_64__)
  // Its documented question: rotations that add up to nothing, anywhere else.
  const uint64_t question[6] = {0x1001};
  uint64_t answer = 0;
  asm volatile(
      "rolq $3, %%rdi\n\trolq $13, %%rdi\n\trolq $61, %%rdi\n\trolq $51, %%rdi\n\t"
      "xchgq %%rbx, %%rbx"
      : "+d"(answer)
      : "a"(question)
      : "cc", "memory", "rdi");
  return answer != 0;
#else
  return false;
#endif
}

bool same_object(const char* one, const char* other) {
  struct stat a, b;
  return sys::call_with(__NR_newfstatat, AT_FDCWD, one, &a, 0) == 0 &&
         sys::call_with(__NR_newfstatat, AT_FDCWD, other, &b, 0) == 0 && a.st_ino == b.st_ino;
}

/// Orphans of its own would come to it: its wait() would see them.
bool adopts_orphans() {
  int subreaper = 0;
  return sys::call_with(__NR_getpid) == 1 ||
         sys::call_with(__NR_prctl, PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0) != 0 ||
         subreaper != 0;
}

/// After unshare(CLONE_NEWPID) the next child is the first process of the new namespace, whose end
/// is the end of all in it.
bool children_are_ordinary() {
  return same_object("/proc/self/ns/pid", "/proc/self/ns/pid_for_children");
}

int moved_high(long fd) {
  if (fd < 0) return -1;
  const int high = duplicate_private(static_cast<int>(fd));
  sys::call_with(__NR_close, fd);
  return high;
}

// The process between, whose end makes the guard an orphan. It runs in our memory while we wait,
// so that it can tell what it did. One at a time.

alignas(64) constinit std::byte stack_between[4096];
constinit Orders orders{};
constinit int guard_pidfd = -1;

void set_name() {
  char name[24];  // of which the kernel takes the first 15 bytes
  put_number(put_text(name, "seqshim:"), orders.owner);
  sys::call_with(__NR_prctl, PR_SET_NAME, name, 0, 0, 0);
}

void between() {
  // Before there is a guard, which inherits both: nobody ever sees it under the program's name, or
  // reaches it by a signal to the program's group.
  set_name();
  sys::call_with(__NR_setsid);
  const long pid = sys::call_with(__NR_clone, CLONE_FILES | CLONE_PIDFD, nullptr, &guard_pidfd,
                                  nullptr, nullptr);
  if (pid == 0) watch(orders);
  if (pid < 0) guard_pidfd = -1;
  for (;;) sys::call_with(__NR_exit_group, 0);
}

// By the descriptor of a process, private; 0 or less: there is no process.

bool is_running(int pidfd) {
  if (pidfd <= 0) return false;
  pollfd gone{pidfd, POLLIN, 0};
  constexpr timespec kNow{};
  return sys::call_with(__NR_ppoll, &gone, 1, &kNow, nullptr, 0) == 0;
}

/// False: out of reach, since its descriptor was closed behind our back.
bool kill(int pidfd) {
  return pidfd <= 0 || sys::call_with(__NR_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0) != -EBADF;
}

void await_end(int pidfd) {
  pollfd gone{pidfd, POLLIN, 0};
  while (pidfd > 0 && sys::call_with(__NR_ppoll, &gone, 1, nullptr, nullptr, 0) == -EINTR) {
  }
}

/// A number that was closed behind our back, and is another file's by now, isn't ours to close.
void drop(int pidfd) {
  if (pidfd <= 0) return;
  if (is_of_a_process(pidfd))
    close_private(pidfd);
  else
    forget_private(pidfd);
}

rusage used_by_children() {
  rusage used{};
  sys::call_with(__NR_getrusage, RUSAGE_CHILDREN, &used);
  return used;
}

constexpr long kSecond = 1'000'000;
long microseconds(const timeval& time) { return time.tv_sec * kSecond + time.tv_usec; }
timeval time_of(long microseconds) { return {microseconds / kSecond, microseconds % kSecond}; }
timeval sum(const timeval& one, const timeval& other) {
  return time_of(microseconds(one) + microseconds(other));
}
timeval difference(const timeval& one, const timeval& other) {
  const long rest = microseconds(one) - microseconds(other);
  return time_of(rest > 0 ? rest : 0);
}

}  // namespace

/// A process descriptor of the guard, or -1.
int Guard::spawn() {
  const rusage before = used_by_children();
  guard_pidfd = -1;
  const LeanCopy lean(orders.log_path);
  const long pid = clone_onto(CLONE_VM | CLONE_VFORK | CLONE_FILES, between,
                              stack_between + sizeof stack_between, nullptr, nullptr);
  if (pid < 0) return -1;
  while (sys::call_with(__NR_wait4, pid, nullptr, __WALL, nullptr) == -EINTR) {
  }
  const rusage after = used_by_children();
  user_ = sum(user_, difference(after.ru_utime, before.ru_utime));
  system_ = sum(system_, difference(after.ru_stime, before.ru_stime));
  faults_ += after.ru_minflt - before.ru_minflt;
  if (after.ru_maxrss > before.ru_maxrss) {
    if (before.ru_maxrss != largest_with_) largest_without_ = before.ru_maxrss;
    largest_with_ = after.ru_maxrss;
  }
  return moved_high(guard_pidfd);
}

void Guard::leave_out(rusage& of_children) {
  MutexLock lock(mutex_);
  of_children.ru_utime = difference(of_children.ru_utime, user_);
  of_children.ru_stime = difference(of_children.ru_stime, system_);
  of_children.ru_minflt -= faults_;
  if (of_children.ru_maxrss == largest_with_) of_children.ru_maxrss = largest_without_;
}

bool Guard::runs() const { return is_running(guard_fd_); }

/// The guard doesn't run. If it was killed, its heir has come after it: at no time there was none.
bool Guard::is_succeeded(const Segment& memory) {
  const bool out_of_reach = guard_fd_ > 0 && !is_of_a_process(guard_fd_);
  if (out_of_reach || !is_running(heir_fd_) ||
      memory.words().watch.load() != SegmentWords::kOnWatch)
    return false;
  drop(guard_fd_);
  guard_fd_ = heir_fd_;
  heir_fd_ = 0;
  return true;
}

void Guard::ensure(const Segment& memory, const KeptFile& file, unsigned idle_ms,
                   const char* log_path) {
  MutexLock lock(mutex_);
  std::atomic<uint32_t>& watch = memory.words().watch;
  // It goes when there has been nothing to do for long, and may be on its way.
  uint32_t going = SegmentWords::kGoing;
  const bool stays = !watch.compare_exchange_strong(going, SegmentWords::kNobody);
  if (stays && (runs() || is_succeeded(memory))) return;
  if (guard_fd_ > 0 && watch.load(std::memory_order_relaxed) == SegmentWords::kOnWatch) ++mishaps_;
  end(memory);
  failed_.store(!start(memory, file, idle_ms, log_path), std::memory_order_relaxed);
}

bool Guard::start(const Segment& memory, const KeptFile& file, unsigned idle_ms,
                  const char* log_path) {
  // With a sanitizer it would miss the memory that goes with it.
  if (kInstrumented || mishaps_ >= kMostMishaps || !file.is_there() || on_valgrind() ||
      adopts_orphans() || !children_are_ordinary())
    return false;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (try_to_start(memory, file, idle_ms, log_path)) return true;
    const bool ended = guard_fd_ > 0 && !runs();  // it may have been killed, and not be again
    end(memory);
    mishaps_ += kFailedStart;
    if (!ended) break;
  }
  return false;
}

bool Guard::try_to_start(const Segment& memory, const KeptFile& file, unsigned idle_ms,
                         const char* log_path) {
  const long pid = sys::call_with(__NR_getpid);
  own_fd_ = moved_high(sys::call_with(__NR_pidfd_open, pid, 0));
  if (own_fd_ < 0) return false;
  orders = {.file = file,
            .cluster_size = memory.cluster_size(),
            .slots = memory.slots(),
            .owner = static_cast<int>(pid),
            .owner_fd = own_fd_,
            .owner_inode = inode_of_process(own_fd_),
            .shift = memory.words().shift.fetch_add(1) + 1,
            .idle_ms = idle_ms,
            .log_path = log_path};
  memory.words().heir_fd = -1;
  memory.words().watch.store(SegmentWords::kComing, std::memory_order_relaxed);
  guard_fd_ = spawn();
  if (guard_fd_ <= 0 || !await_arrival(memory)) return false;
  meet_heir(memory);
  return true;
}

/// The kernel has put its descriptor low. A number that isn't one of a process is another's.
void Guard::meet_heir(const Segment& memory) {
  const int low = memory.words().heir_fd;
  memory.words().heir_fd = -1;
  if (low < 0 || !is_of_a_process(low)) return;
  heir_fd_ = duplicate_private(low);
  if (heir_fd_ < 0) {  // out of reach: better none
    kill(low);
    await_end(low);
  }
  sys::call_with(__NR_close, low);
}

/// Until it has let go of our memory: before, each page that we write to would be copied, and it
/// could be taken for a second one of this program.
bool Guard::await_arrival(const Segment& memory) const {
  constexpr timespec kAMoment{.tv_sec = 0, .tv_nsec = 10'000'000};
  constexpr int kMoments = 200;  // unless somebody has stopped it
  std::atomic<uint32_t>& watch = memory.words().watch;
  for (int i = 0; i < kMoments && runs(); ++i) {
    if (watch.load(std::memory_order_acquire) != SegmentWords::kComing) return true;
    sys::call_with(__NR_futex, &watch, FUTEX_WAIT, SegmentWords::kComing, &kAMoment);
  }
  return false;
}

void Guard::stop(const Segment& memory) {
  MutexLock lock(mutex_);
  end(memory);
}

/// mutex_ is held.
void Guard::end(const Segment& memory, int given_up) {
  // By a signal, since it may have been stopped; asked as well, should we not be allowed to.
  memory.words().watch.store(SegmentWords::kNobody, std::memory_order_seq_cst);
  const bool guard_reached = kill(guard_fd_);
  kill(heir_fd_);
  if (guard_reached) await_end(guard_fd_);
  meet_heir(memory);  // of one that didn't come to its arrival
  const bool heir_reached = kill(heir_fd_);
  if (heir_reached) await_end(heir_fd_);
  if (guard_reached && heir_reached) take_over_all(memory);
  for (int* const fd : {&guard_fd_, &heir_fd_, &own_fd_}) {
    if (*fd != given_up) drop(*fd);
    *fd = 0;
  }
}

bool Guard::vacate(const Segment& memory, int fd) {
  MutexLock lock(mutex_);
  if (fd != guard_fd_ && fd != heir_fd_ && fd != own_fd_) return false;
  end(memory, fd);
  return true;
}

void Guard::claim(const Segment& memory, Ledger& ledger) {
  uint32_t state = Ledger::kAccepted;
  while (!ledger.state.compare_exchange_strong(state, Ledger::kOwner)) {
    if (state != Ledger::kGuard) return;
    await(memory, ledger);
    state = Ledger::kAccepted;
  }
}

/// Until the guard has let go of it. A stopped or killed one never will.
void Guard::await(const Segment& memory, Ledger& ledger) {
  const long result =
      sys::call_with(__NR_futex, &ledger.state, FUTEX_WAIT, Ledger::kGuard, &kPatience);
  if (result == -ETIMEDOUT) replace(memory, ledger);
}

/// What it holds too long is the owner's before the next guard can take it. Other clusters may rest
/// for long before one is begun, and that one come.
void Guard::replace(const Segment& memory, Ledger& ledger) {
  MutexLock lock(mutex_);
  end(memory);
  take_over(
      *reinterpret_cast<Entry*>(reinterpret_cast<std::byte*>(&ledger) - offsetof(Entry, ledger)));
  uint32_t accepted = Ledger::kAccepted;
  ledger.state.compare_exchange_strong(accepted, Ledger::kOwner);
  ++mishaps_;
  if (anything_held(memory))
    failed_.store(!start(memory, orders.file, orders.idle_ms, orders.log_path),
                  std::memory_order_relaxed);
}

}  // namespace seqshim
