/* What a program could notice of a process that guards it. Each way to look prints what is seen,
 * which must be the same as without: `guarded WAY`, in an empty directory of files that match. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;
static const char* self;

static void must(int condition, const char* what) {
  if (condition) return;
  perror(what);
  _exit(1);
}

static void say(const char* what, long result) {
  if (result < 0) {
    printf("%s: %s\n", what, strerror(errno));
  } else {
    printf("%s: %ld\n", what, result);
  }
  fflush(stdout);
}

/* Whoever caches has cached something now, and has clusters in flight besides. */
enum { BYTES = 300007 };
static int begin(const char* name) {
  static char piece[1001];
  memset(piece, 'x', sizeof piece);
  const int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  must(fd >= 0, name);
  for (long left = BYTES; left > 0;) {
    const size_t bytes = left < (long)sizeof piece ? (size_t)left : sizeof piece;
    must(write(fd, piece, bytes) == (ssize_t)bytes, "write");
    left -= (long)bytes;
  }
  return fd;
}

static void end(int fd) { must(close(fd) == 0, "close"); }

/* --- Children. */

static volatile sig_atomic_t signals;
static void count_signal(int number) {
  (void)number;
  ++signals;
}

static void look_for_children(void) {
  siginfo_t facts = {0};
  say("wait", wait(NULL));
  say("waitpid", waitpid(-1, NULL, WNOHANG));
  say("waitpid group", waitpid(0, NULL, WNOHANG));
  say("waitid", waitid(P_ALL, 0, &facts, WEXITED | WNOHANG));
  say("SIGCHLD", signals);
}

static void see_children(void) {
  signal(SIGCHLD, count_signal);
  const int fd = begin("children");
  look_for_children();
  const pid_t pid = fork();
  if (pid == 0) _exit(3);
  int status;
  say("our own", wait(&status) == pid ? WEXITSTATUS(status) : -1);
  look_for_children();
  const int again = begin("again");
  end(again);
  end(fd);
  look_for_children();
}

/* Those that only tracers and the like ask for. */
static void see_clones(void) {
  const int fd = begin("clones");
  say("__WALL", waitpid(-1, NULL, __WALL | WNOHANG));
  say("__WCLONE", waitpid(-1, NULL, __WCLONE | WNOHANG));
  end(fd);
}

/* Of this program: after an exec, what the process between has used is there. */
static void see_usage(void) {
  struct rusage usage;
  const int fd = begin("usage");
  must(getrusage(RUSAGE_CHILDREN, &usage) == 0, "getrusage");
  say("children's memory", usage.ru_maxrss);
  say("faults", usage.ru_minflt + usage.ru_majflt);
  say("time", usage.ru_utime.tv_sec + usage.ru_utime.tv_usec + usage.ru_stime.tv_sec +
                  usage.ru_stime.tv_usec);
  end(fd);
}

/* --- Groups, sessions, terminals. */

struct relations {
  long group, session, terminal;
};
static int relations_of(const char* pid, struct relations* its) {
  char path[300], text[1024] = "";
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  FILE* const file = fopen(path, "r");
  if (file == NULL) return 0;
  const size_t bytes = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  const char* const name_end = bytes > 0 ? strrchr(text, ')') : NULL;
  return name_end != NULL && sscanf(name_end + 2, "%*c %*d %ld %ld %ld", &its->group, &its->session,
                                    &its->terminal) == 3;
}

static void see_relations(void) {
  struct relations ours, its;
  int group = 0, session = 0, terminal = 0;
  // A session of our own, unless a terminal has given us one.
  must(isatty(0) || setsid() >= 0, "setsid");
  const int fd = begin("relations");
  must(relations_of("self", &ours), "/proc/self/stat");
  DIR* const processes = opendir("/proc");
  for (const struct dirent* entry; (entry = readdir(processes)) != NULL;) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9' || !relations_of(entry->d_name, &its))
      continue;
    group += its.group == ours.group;
    session += its.session == ours.session;
    terminal += its.terminal == ours.terminal;
  }
  closedir(processes);
  say("in our group", group);
  say("in our session", session);
  if (ours.terminal != 0) say("at our terminal", terminal);
  end(fd);
}

/* What is sent to the group kills the writer alone: its file gets complete. */
static void kill_group(int number) {
  int ready[2];
  char byte;
  must(pipe(ready) == 0, "pipe");
  const pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    begin("killed");
    must(write(ready[1], "", 1) == 1, "ready");
    for (;;) pause();
  }
  must(read(ready[0], &byte, 1) == 1, "read");
  must(kill(-pid, number) == 0, "kill");
  int status;
  must(waitpid(pid, &status, 0) == pid, "waitpid");
  say("signal", WTERMSIG(status));
  struct stat facts;
  do {
    must(stat("killed", &facts) == 0, "killed");
  } while (facts.st_size < BYTES && usleep(1000) == 0);
  say("bytes", facts.st_size);
}
static void signal_group(void) {
  end(begin("ours"));
  kill_group(SIGINT);
  kill_group(SIGTERM);
  kill_group(SIGKILL);
}

/* --- Descriptors. */

static void see_descriptors(void) {
  const int fd = begin("descriptors");
  for (int i = 0; i < 256; ++i)
    if (fcntl(i, F_GETFD) >= 0) printf("%d ", i);
  printf("\n");
  say("opened", open("/dev/null", O_RDONLY));
  say("duplicated", fcntl(fd, F_DUPFD, 100));
  end(fd);
}

static void expect_end(const char* what, int* ends) {
  char byte;
  say(what, read(ends[0], &byte, 1));
  close(ends[0]);
}

/* By an instruction of our own: libc's syscall() may be somebody else's. */
static long unseen(long number, long first, long second, long third) {
#if defined(__x86_64__)
  long result = number;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(first), "S"(second), "d"(third)
               : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long call asm("x8") = number;
  register long result asm("x0") = first;
  register long more asm("x1") = second;
  register long last asm("x2") = third;
  asm volatile("svc 0" : "+r"(result) : "r"(call), "r"(more), "r"(last) : "memory");
  return result;
#endif
}
static void exec_unseen(const char* program, char* const* words) {
  unseen(SYS_execve, (long)program, (long)words, (long)environ);
}

static pid_t writer_with_pipe(int* ends, const char* then) {
  must(pipe2(ends, O_CLOEXEC) == 0, "pipe");
  const pid_t pid = fork();
  if (pid != 0) {
    close(ends[1]);
    return pid;
  }
  char* const words[] = {"sleep", "1000", NULL};
  begin(then);
  if (strcmp(then, "killed") == 0) kill(getpid(), SIGKILL);
  if (strcmp(then, "exec") == 0) execv("/bin/sleep", words);
  if (strcmp(then, "exec-unseen") == 0) exec_unseen("/bin/sleep", words);
  if (strcmp(then, "split") == 0) {
    must(unshare(CLONE_FILES) == 0, "unshare");
    close(ends[1]);
    for (;;) pause();
  }
  exit(0);
}

/* A pipe's reader sees its end as soon as the program has closed its own, or is gone. */
static void see_ends_of_pipes(void) {
  static const char* const kWays[] = {"exit", "killed", "exec", "exec-unseen", "split"};
  int ends[2];
  must(pipe(ends) == 0, "pipe");
  const int fd = begin("pipes");
  close(ends[1]);
  expect_end("closed", ends);
  must(pipe(ends) == 0, "pipe");
  syscall(SYS_close, ends[1]);
  expect_end("closed by number", ends);
  end(fd);
  for (size_t i = 0; i < sizeof kWays / sizeof kWays[0]; ++i) {
    const pid_t pid = writer_with_pipe(ends, kWays[i]);
    expect_end(kWays[i], ends);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
  }
}

/* --- Locks. */

static int lock_both(void) {
  const int fd = open("lock", O_RDWR | O_CREAT, 0644);
  struct flock whole = {.l_type = F_WRLCK};
  must(fd >= 0, "lock");
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) return -1;
  if (fcntl(fd, F_SETLK, &whole) != 0) return -2;
  return fd;
}

static void see_locks(void) {
  end(begin("ours"));
  static const char* const kWays[] = {"exit", "_exit", "quick_exit", "exec", "abort"};
  for (size_t i = 0; i < sizeof kWays / sizeof kWays[0]; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      const int fd = lock_both();
      must(fd >= 0, "lock_both");
      fcntl(fd, F_SETFD, FD_CLOEXEC);
      begin("locked");
      if (i == 0) exit(0);
      if (i == 1) _exit(0);
      if (i == 2) quick_exit(0);
      if (i == 3) execl("/bin/true", "true", (char*)NULL);
      signal(SIGABRT, SIG_DFL);
      abort();
    }
    waitpid(pid, NULL, 0);
    const int fd = lock_both();
    printf("%s: %s\n", kWays[i],
           fd >= 0    ? "free"
           : fd == -1 ? "flock is held"
                      : "POSIX lock is held");
    if (fd >= 0) close(fd);
  }
}

/* --- Programs just written. */

static void copy_program(const char* name) {
  char bytes[8192];
  const int from = open("/bin/true", O_RDONLY);
  const int to = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  must(from >= 0 && to >= 0, name);
  for (ssize_t got; (got = read(from, bytes, sizeof bytes)) > 0;)
    must(write(to, bytes, (size_t)got) == got, name);
  close(from);
  end(to);
}

static void run_new_programs(void) {
  const int fd = begin("busy");
  int failed = 0;
  for (int i = 0; i < 40; ++i) {
    char name[32], *const words[] = {name, NULL};
    snprintf(name, sizeof name, "./program-%d", i);
    copy_program(name);
    pid_t pid;
    int status = 0;
    if (i % 2 == 0) {
      pid = fork();
      if (pid == 0) {
        execv(name, words);
        _exit(errno);
      }
    } else {
      const int code = posix_spawn(&pid, name, NULL, NULL, words, environ);
      if (code != 0) printf("posix_spawn: %s\n", strerror(code));
    }
    must(waitpid(pid, &status, 0) == pid, "waitpid");
    if (WEXITSTATUS(status) != 0) printf("exec: %s\n", strerror(WEXITSTATUS(status)));
    failed += status != 0;
  }
  say("failed", failed);
  end(fd);
}

/* --- Namespaces. */

static int enter(const char* namespace) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/ns/%s", namespace);
  const int here = open(".", O_RDONLY), fd = open(path, O_RDONLY);
  const int result = fd < 0 ? -1 : setns(fd, 0);
  must(here >= 0 && fchdir(here) == 0, "fchdir");
  close(here);
  if (fd >= 0) close(fd);
  return result;
}

static void change_namespaces(void) {
  const int fd = begin("namespaces");
  say("enter network", enter("net"));
  say("enter mount", enter("mnt"));
  end(begin("in-mount"));
  say("user", unshare(CLONE_NEWUSER));
  end(begin("in-user"));
  say("files", unshare(CLONE_FILES));
  end(begin("in-files"));
  say("process", unshare(CLONE_NEWPID));
  const pid_t pid = fork();
  if (pid == 0) {
    end(begin("in-process"));
    _exit(getpid());
  }
  int status = 0;
  waitpid(pid, &status, 0);
  say("first process", WEXITSTATUS(status));
  end(fd);
}

/* --- Being taken for gone. */

enum { ROUNDS = 3 };
static void rest_name(char* name, int round) { sprintf(name, "rests-%d", round); }

/* In a process of its own: asked by the writer itself, the file would be complete at once. */
static pid_t look_until_complete(const char* name) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  struct stat facts;
  while (stat(name, &facts) != 0 || facts.st_size < BYTES) usleep(1000);
  _exit(0);
}

/* Who watches has looked at us, several times. */
static void rest(void) {
  pid_t lookers[ROUNDS];
  char name[16];
  for (int i = 0; i < ROUNDS; ++i) {
    rest_name(name, i);
    lookers[i] = look_until_complete(name);
  }
  for (int i = 0; i < ROUNDS; ++i) {
    rest_name(name, i);
    begin(name);
    must(waitpid(lookers[i], NULL, 0) == lookers[i], "waitpid");
  }
}

static void live_on(void) {
  int ends[2];
  must(pipe(ends) == 0, "pipe");
  rest();
  say("pipe", write(ends[1], "x", 1));
  say("descriptor", open("/dev/null", O_RDONLY));
}

/* --- A successor. */

static pid_t guard_of(pid_t writer) {
  char command[64], line[32] = "";
  sprintf(command, "pgrep -x seqshim:%d", (int)writer);
  FILE* const answer = popen(command, "r");
  must(answer != NULL, "popen");
  if (fgets(line, sizeof line, answer) == NULL) line[0] = '\0';
  pclose(answer);
  return atoi(line);
}

/* A process that has this number; -1: others were quicker. */
static pid_t start_with_number(pid_t number) {
  FILE* const last = fopen("/proc/sys/kernel/ns_last_pid", "w");
  must(last != NULL, "ns_last_pid");
  fprintf(last, "%d", (int)number - 1);
  fclose(last);
  const pid_t pid = fork();
  if (pid == 0)
    for (;;) pause();
  if (pid == number) return pid;
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  return -1;
}

/* A writer is killed while its guard is stopped, and its number is taken before that goes on, by
 * another user's process: it can't be looked into. */
static void be_succeeded(void) {
  int ready[2];
  char byte;
  must(pipe(ready) == 0, "pipe");
  const pid_t writer = fork();
  if (writer == 0) {
    must(setuid(65534) == 0, "setuid");
    begin("succeeded");
    must(write(ready[1], "", 1) == 1, "ready");
    for (;;) pause();
  }
  must(read(ready[0], &byte, 1) == 1, "read");
  const pid_t guard = guard_of(writer);
  if (guard > 0) kill(guard, SIGSTOP);
  kill(writer, SIGKILL);
  waitpid(writer, NULL, 0);
  pid_t successor;
  while ((successor = start_with_number(writer)) < 0) continue;
  if (guard > 0) kill(guard, SIGCONT);
  waitpid(look_until_complete("succeeded"), NULL, 0);
  kill(successor, SIGKILL);
  waitpid(successor, NULL, 0);
}

/* --- A descriptor table that two processes share. */

static pid_t sharing_parent;
static int shared_fd;

static int outlive_the_parent(void* unused) {
  while (getppid() == sharing_parent || guard_of(sharing_parent) > 0) usleep(1000);
  say("write", write(shared_fd, "child", 5));
  say("descriptor", open("/dev/null", O_RDONLY));
  return unused != NULL;
}

static void share_table(void) {
  static char stack[1 << 16] __attribute__((aligned(64)));
  int ends[2];
  must(pipe(ends) == 0, "pipe");
  const pid_t pid = fork();
  if (pid == 0) {
    sharing_parent = getpid();
    shared_fd = begin("shared");
    must(clone(outlive_the_parent, stack + sizeof stack, CLONE_FILES | SIGCHLD, NULL) > 0, "clone");
    must(write(shared_fd, "parent", 6) == 6, "write");
    begin("after");
    kill(getpid(), SIGKILL);
  }
  close(ends[1]);
  expect_end("both gone", ends);
  waitpid(pid, NULL, 0);
}

/* --- One after the other. */

static int guards_of(pid_t writer) {
  char command[64], line[32] = "";
  sprintf(command, "pgrep -c -x seqshim:%d", (int)writer);
  FILE* const answer = popen(command, "r");
  must(answer != NULL && fgets(line, sizeof line, answer) != NULL, "popen");
  pclose(answer);
  return atoi(line);
}

static int is_process(int fd) {
  char path[32], what[64] = "";
  sprintf(path, "/proc/self/fd/%d", fd);
  return readlink(path, what, sizeof what - 1) > 0 && strstr(what, "pidfd") != NULL;
}

/* Descriptors of processes, which this program has none of, are closed by calls that nobody sees.
 */
static void lose_sight(void) {
  const int fd = begin("before");
  for (int number = 3; number < 1024; ++number)
    if (is_process(number)) unseen(SYS_close, number, 0, 0);
  const int other = begin("after");
  alarm(5);                                     /* one with nothing to do goes after ten */
  while (guards_of(getpid()) > 2) usleep(1000); /* it and its heir */
  end(other);
  end(fd);
}

/* --- By name. */

static void ask(const char* command) {
  char line[100] = "";
  FILE* const answer = popen(command, "r");
  must(answer != NULL, "popen");
  if (fgets(line, sizeof line, answer) == NULL) strcpy(line, "nothing\n");
  pclose(answer);
  printf("%s: %s", command, line);
}
static void see_names(void) {
  const int fd = begin("names");
  ask("pidof guarded | wc -w");
  ask("pgrep -c -x guarded");
  end(fd);
}

/* --- The end. */

static void exec_the_rest(char** words) {
  begin(words[0]);
  execvp(words[1], words + 1);
  must(0, words[1]);
}

int main(int argc, char** argv) {
  static const struct {
    const char* name;
    void (*look)(void);
  } kWays[] = {
      {"children", see_children},        {"clones", see_clones},  {"usage", see_usage},
      {"relations", see_relations},      {"group", signal_group}, {"descriptors", see_descriptors},
      {"pipes", see_ends_of_pipes},      {"locks", see_locks},    {"programs", run_new_programs},
      {"namespaces", change_namespaces}, {"names", see_names},    {"rest", live_on},
      {"succession", be_succeeded},      {"tables", share_table}, {"sight", lose_sight},
  };
  self = argv[0];
  alarm(20);
  if (argc > 3 && strcmp(argv[1], "exec") == 0) exec_the_rest(argv + 2);
  for (size_t i = 0; argc > 1 && i < sizeof kWays / sizeof kWays[0]; ++i)
    if (strcmp(argv[1], kWays[i].name) == 0) {
      kWays[i].look();
      return 0;
    }
  return 2;
}
