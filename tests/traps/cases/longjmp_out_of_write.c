/* A signal handler jumps out of an interrupted write(): no lock stays held. */
#include <setjmp.h>

#include "trap.h"

static sigjmp_buf escape;

static void on_alarm(int signal) {
  (void)signal;
  siglongjmp(escape, 1);
}

int main(void) {
  static volatile int jumps, number;
  const int fd = create("file");
  const struct sigaction action = {.sa_handler = on_alarm};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  sigsetjmp(escape, 1);
  if (jumps++ < 300) {
    const struct itimerval soon = {{0, 0}, {0, 100 + jumps}};
    setitimer(ITIMER_REAL, &soon, NULL);
    /* The same number again, if the write was not seen to return. */
    for (;;) {
      put_record(fd, 'm', number);
      ++number;
    }
  }
  const long size = lseek(fd, 0, SEEK_END);
  const long over = size / RECORD - number;
  say("%s, %ld bytes over\n", over >= 0 && over <= 300 ? "all there" : "some missing",
      size % RECORD);
  char record[RECORD], wanted[RECORD];
  lseek(fd, 0, SEEK_SET);
  int expected = 0, bad = 0;
  while (read(fd, record, RECORD) == RECORD) {
    make_record(wanted, 'm', expected);
    if (memcmp(record, wanted, RECORD) == 0) {
      ++expected;
      continue;
    }
    make_record(wanted, 'm', expected - 1);
    if (memcmp(record, wanted, RECORD) != 0) ++bad;
  }
  say("%d broken\n", bad);
  must(ftruncate(fd, 0) == 0);
  return 0;
}
