/* A signal handler closes the very file that the main thread writes: what was accepted is there,
 * what comes later is refused. */
#include "trap.h"

static int fd;

static void on_alarm(int signal) {
  (void)signal;
  close(fd);
}

int main(void) {
  int bad = 0, shorter = 0;
  const struct sigaction action = {.sa_handler = on_alarm};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  for (int round = 0; round < 50; ++round) {
    fd = create("file");
    const struct itimerval soon = {{0, 0}, {0, 300 + 50 * round}};
    must(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    long accepted = 0;
    char record[RECORD];
    for (;; ++accepted) {
      make_record(record, 'm', (int)accepted);
      if (write(fd, record, RECORD) != RECORD) break;
    }
    if (errno != EBADF) ++bad;
    struct stat facts;
    must(stat("file", &facts) == 0);
    /* The interrupted one may have been accepted before its number was closed, or after. */
    if (facts.st_size != accepted * RECORD) ++shorter;
  }
  say("%d other errors, %d wrong sizes\n", bad, shorter);
  must(truncate("file", 0) == 0);
  return 0;
}
