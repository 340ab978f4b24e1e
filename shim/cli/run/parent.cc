#include "shim/cli/run/parent.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <vector>

#include "shim/cli/run/guards.h"
#include "shim/cli/run/inherited.h"
#include "shim/cli/run/processes.h"
#include "shim/cli/run/signals.h"

namespace seqshim {
namespace {

void close_numbers(unsigned from, unsigned to) {
  if (from > to) return;
#ifdef SYS_close_range
  if (syscall(SYS_close_range, from, to, 0U) == 0) return;
#endif
  // A limit may be a thousand million.
  const long limit = std::min(sysconf(_SC_OPEN_MAX), 65536L);
  for (long fd = from; fd <= to && fd < limit; ++fd) close(static_cast<int>(fd));
}

// The other end of a pipe that the program closes, a directory that it leaves: nothing of it must
// be held by us, but what is `kept`.
void let_go(std::vector<int> kept) {
  if (chdir("/") != 0) return;
  std::sort(kept.begin(), kept.end());
  unsigned next = 0;
  for (const int fd : kept) {
    if (fd > 0) close_numbers(next, static_cast<unsigned>(fd) - 1);
    next = static_cast<unsigned>(fd) + 1;
  }
  close_numbers(next, ~0U);
}

/// Somebody to continue this process, which is about to stop, when the child runs again or is gone:
/// who continues the child alone doesn't know of us. Again and again, since the first time may come
/// before we stand still.
class Waker {
 public:
  explicit Waker(pid_t child) {
    if (state_of(child) == '\0') return;
    const pid_t sleeper = getpid();
    process_ = fork();
    if (process_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const timespec interval{0, 20'000'000};
    while (getppid() == sleeper) {
      nanosleep(&interval, nullptr);
      const char state = state_of(child);
      if (state != 'T' && state != 't') kill(sleeper, SIGCONT);
    }
    _exit(0);
  }
  ~Waker() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

 private:
  pid_t process_ = -1;
};

/// The terminal, if the child has it for a process group of its own, as shells do: who brings us to
/// the foreground again gives it to our group.
class ChildsTerminal {
 public:
  explicit ChildsTerminal(pid_t child) : group_(getpgid(child)) {
    if (group_ < 0 || group_ == getpgrp()) return;
    fd_ = open("/dev/tty", O_RDWR | O_CLOEXEC);
    was_its_own_ = fd_ >= 0 && tcgetpgrp(fd_) == group_;
  }
  ~ChildsTerminal() {
    if (was_its_own_ && tcgetpgrp(fd_) == getpgrp()) tcsetpgrp(fd_, group_);
    if (fd_ >= 0) close(fd_);
  }
  ChildsTerminal(const ChildsTerminal&) = delete;
  ChildsTerminal& operator=(const ChildsTerminal&) = delete;

 private:
  const pid_t group_;
  int fd_ = -1;
  bool was_its_own_ = false;
};

/// The life of the child, seen from here. All signals are blocked and taken one by one.
class Parent {
 public:
  Parent(pid_t child, Onlooker* onlooker) : child_(child), onlooker_(onlooker) {}

  /// How it ended.
  siginfo_t wait();

 private:
  bool take_signal(siginfo_t& signal) const;
  bool reap(siginfo_t& end);
  void stop_likewise(int signal);
  bool is_for_child(const siginfo_t& signal) const;
  void pass_on(siginfo_t& signal);
  bool was_continued() const;

  const pid_t child_;
  Onlooker* const onlooker_;  // nullptr: nobody looks on
};

// False: there was none for a while.
bool Parent::take_signal(siginfo_t& signal) const {
  constexpr timespec kAWhile{0, 100'000'000};
  sigset_t all;
  sigfillset(&all);
  const bool is_curious = onlooker_ != nullptr && onlooker_->is_curious();
  return (is_curious ? sigtimedwait(&all, &signal, &kAWhile) : sigwaitinfo(&all, &signal)) >= 0;
}

siginfo_t Parent::wait() {
  for (;;) {
    siginfo_t signal{};
    const bool taken = take_signal(signal);
    if (onlooker_ != nullptr) onlooker_->look();
    if (!taken) continue;
    if (signal.si_signo == SIGWINCH && onlooker_ != nullptr) onlooker_->resized();
    if (is_for_child(signal)) pass_on(signal);
    // One that is pending already hides others.
    siginfo_t end{};
    if (signal.si_signo == SIGCHLD && reap(end)) return end;
  }
}

// Takes what there is to tell of all children; true: the child's end was among it.
bool Parent::reap(siginfo_t& end) {
  for (;;) {
    siginfo_t news{};
    if (waitid(P_ALL, 0, &news, WEXITED | WSTOPPED | WNOHANG | __WALL) != 0) return false;
    if (news.si_pid == 0) return false;
    if (news.si_pid != child_) continue;
    if (news.si_code == CLD_STOPPED) {
      stop_likewise(news.si_status);
    } else if (news.si_code != CLD_TRAPPED) {
      end = news;
      return true;
    }
  }
}

// The shell waits for us: we stand for the child. SIGCONT then is one more signal to pass on.
void Parent::stop_likewise(int signal) {
  if (onlooker_ != nullptr) onlooker_->step_aside();
  const ChildsTerminal terminal(child_);
  const Waker waker(child_);
  set_default(signal);
  // The terminal may have sent it to us, too: two that are pending are one.
  kill(getpid(), signal);
  deliver(signal);
}

// What the terminal sends goes to the whole process group. Only its hang-up is told to nobody but
// the session's leader.
bool Parent::is_for_child(const siginfo_t& signal) const {
  if (signal.si_code <= 0) return signal.si_signo != SIGCONT || !was_continued();
  switch (signal.si_signo) {
    case SIGHUP:
    case SIGCONT:
      return getsid(0) == getpid();
    case SIGALRM:
    case SIGVTALRM:
    case SIGPROF:
      return true;  // of a timer, just before it was stopped
    default:
      return false;
  }
}

void Parent::pass_on(siginfo_t& signal) {
  // With its value and its sender, as far as the kernel lets us.
  if (signal.si_code != SI_QUEUE ||
      syscall(SYS_rt_sigqueueinfo, child_, signal.si_signo, &signal) != 0) {
    kill(child_, signal.si_signo);
  }
  if (signal.si_signo == SIGCONT) was_continued();  // that was us
}

// Whether the child was continued since this was last asked.
bool Parent::was_continued() const {
  siginfo_t news{};
  return waitid(P_PID, child_, &news, WCONTINUED | WNOHANG) == 0 && news.si_pid != 0;
}

}  // namespace

int stay_as_parent(const std::function<int()>& program, Onlooker* onlooker) {
  const Inherited inherited;
  const pid_t child = fork();
  if (child <= 0) {
    inherited.restore();
    const int exit_code = program();
    if (child < 0) return exit_code;
    _exit(exit_code);
  }
  let_go(onlooker != nullptr ? onlooker->descriptors() : std::vector<int>());
  const siginfo_t end = Parent(child, onlooker).wait();
  wait_for_guards();
  if (const int exit_code = onlooker != nullptr ? onlooker->finish() : 0) _exit(exit_code);
  // What else is preloaded into the program is in us, too, and has its say there when all is over.
  _exit(end.si_code == CLD_EXITED ? end.si_status : die_by(end.si_status));
}

}  // namespace seqshim
