/* A process that ends itself by a signal: what it had written is in the file. */
#include "trap.h"

static void by_kill(void) { kill(getpid(), SIGKILL); }
static void by_group(void) { setpgid(0, 0), kill(0, SIGKILL); }
static void by_raise(void) { raise(SIGTERM); }
static void by_queue(void) { sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1}); }
static void by_thread(void) { pthread_kill(pthread_self(), SIGSEGV); }
static void by_tgkill(void) { syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGINT); }
static void by_number(void) { syscall(SYS_kill, getpid(), SIGKILL); }
static void by_alarm_handler(void) { raise(SIGALRM); }

int main(void) {
  static const struct {
    const char* name;
    void (*end)(void);
  } ways[] = {{"kill", by_kill},     {"group", by_group},        {"raise", by_raise},
              {"queue", by_queue},   {"thread", by_thread},      {"tgkill", by_tgkill},
              {"number", by_number}, {"alarm", by_alarm_handler}};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      put_records(create(ways[i].name), 'a', 100);
      ways[i].end();
      _exit(1);
    }
    int status = 0;
    must(waitpid(pid, &status, 0) == pid);
    say("%s: signal %d\n", ways[i].name, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  }
  put_records(create("parent"), 'p', 100);
  return 0;
}
