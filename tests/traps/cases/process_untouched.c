/* What a process can ask about itself stays as it is, however much is written meanwhile: signals,
 * children, limits, timers; and signals reach the program's own threads. */
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>

#include "trap.h"

static volatile int handled, by_others;
static pid_t own_thread;

static void on_signal(int signal) {
  (void)signal;
  ++handled;
  if ((pid_t)raw(SYS_gettid, 0, 0, 0, 0) != own_thread) ++by_others;
}

/* Threads, memory and descriptors are ours as well. */
static void show_status(void) {
  static const char* const fields[] = {
      "Name:",   "Umask:",  "State:",  "Uid:",    "Gid:",    "Groups:",     "SigPnd:", "ShdPnd:",
      "SigBlk:", "SigIgn:", "SigCgt:", "CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:"};
  char text[4096], *rest = text;
  const int fd = open("/proc/self/status", O_RDONLY);
  const ssize_t length = read(fd, text, sizeof text - 1);
  must(length > 0);
  text[length] = '\0';
  close(fd);
  for (char* line; (line = strsep(&rest, "\n")) != NULL;)
    for (size_t i = 0; i < sizeof fields / sizeof *fields; ++i)
      if (strncmp(line, fields[i], strlen(fields[i])) == 0) say("%s\n", line);
}

static void show_signals(void) {
  sigset_t set;
  stack_t stack;
  must(sigprocmask(SIG_SETMASK, NULL, &set) == 0);
  for (int i = 1; i < NSIG; ++i) {
    struct sigaction action;
    if (sigaction(i, NULL, &action) != 0) continue;
    const char* const what = action.sa_handler == SIG_DFL     ? "default"
                             : action.sa_handler == SIG_IGN   ? "ignored"
                             : action.sa_handler == on_signal ? "ours"
                                                              : "another's";
    if (action.sa_handler != SIG_DFL || action.sa_flags != 0 || sigismember(&set, i))
      say("signal %d: %s, %x, blocked %d\n", i, what, action.sa_flags, sigismember(&set, i));
  }
  must(sigpending(&set) == 0);
  for (int i = 1; i < NSIG; ++i)
    if (sigismember(&set, i)) say("signal %d waits\n", i);
  must(sigaltstack(NULL, &stack) == 0);
  say("stack flags %x\n", stack.ss_flags);
}

static void show_process(void) {
  struct rlimit limit;
  struct itimerval timer;
  struct rusage usage;
  cpu_set_t processors;
  char name[16];
  int number = 0;
  for (int i = 0; i < RLIM_NLIMITS; ++i)
    if (getrlimit((__rlimit_resource_t)i, &limit) == 0)
      say("limit %d: %lx %lx\n", i, (long)limit.rlim_cur, (long)limit.rlim_max);
  for (int i = 0; i < 3; ++i)
    if (getitimer((__itimer_which_t)i, &timer) == 0)
      say("timer %d: %ld\n", i, (long)timer.it_value.tv_sec + timer.it_value.tv_usec);
  must(getrusage(RUSAGE_CHILDREN, &usage) == 0);
  say("children used %ld KiB\n", usage.ru_maxrss);
  must(sched_getaffinity(0, sizeof processors, &processors) == 0);
  say("%d processors, policy %d, nice %d\n", CPU_COUNT(&processors), sched_getscheduler(0),
      getpriority(PRIO_PROCESS, 0));
  must(prctl(PR_GET_NAME, name) == 0 && prctl(PR_GET_PDEATHSIG, &number) == 0);
  say("%s, %d, dumpable %d, slack %d, subreaper %d\n", name, number, prctl(PR_GET_DUMPABLE),
      prctl(PR_GET_TIMERSLACK), prctl(PR_GET_CHILD_SUBREAPER, &number));
  say("personality %x, umask %o, session %d, group %d\n", (unsigned)personality(0xffffffff),
      umask(022), getsid(0) == getpid(), getpgrp() == getpid());
  say_result(waitpid(-1, NULL, WNOHANG));
  say_result(waitpid(-1, NULL, WNOHANG | __WALL));
}

static void show(const char* when) {
  say("--- %s\n", when);
  show_status();
  show_signals();
  show_process();
  say("handled %d, by others %d\n", handled, by_others);
}

int main(void) {
  own_thread = (pid_t)raw(SYS_gettid, 0, 0, 0, 0);
  signal(SIGCHLD, on_signal);
  signal(SIGUSR1, on_signal);
  signal(SIGUSR2, on_signal);
  signal(SIGXFSZ, SIG_IGN);
  show("at the start");
  const int fd = create("file");
  for (int i = 0; i < 3000; ++i) {
    put_bytes(fd, 'a', 1237);
    if (i % 10 == 0) must(kill(getpid(), SIGUSR1) == 0);
  }
  show("written");
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  must(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  put_bytes(fd, 'b', 1 << 20);
  must(kill(getpid(), SIGUSR2) == 0);
  put_bytes(fd, 'c', 1 << 20);
  /* Nobody else may have taken it. */
  show("a signal waits");
  const struct timespec never = {0, 0};
  say_result(sigtimedwait(&set, NULL, &never));
  const int other = create("other");
  put_bytes(other, 'd', 1 << 20);
  const pid_t pid = fork();
  if (pid == 0) {
    put_bytes(other, 'e', 1 << 20);
    show("in the child");
    _exit(5);
  }
  int status;
  must(waitpid(-1, &status, 0) == pid);
  say("status %x\n", (unsigned)status);
  must(close(fd) == 0 && close(other) == 0);
  say_result(waitpid(-1, NULL, 0));
  say("handled %d, by others %d\n", handled, by_others);
  return 0;
}
