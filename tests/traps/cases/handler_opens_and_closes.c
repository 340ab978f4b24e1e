/* A signal handler opens, writes, closes and duplicates while the main thread writes. */
#include "trap.h"

static int fd;
static volatile int rounds;

static void on_alarm(int signal) {
  (void)signal;
  const int kept = errno;
  const int number = rounds++;
  const int own = open("own", O_WRONLY | O_CREAT | (number % 3 == 0 ? O_TRUNC : 0), 0644);
  put_record(own, 'o', number);
  const int copy = dup(fd);
  put_record(copy, 'h', number);
  close(copy);
  struct stat facts;
  fstat(fd, &facts);
  if (number % 5 == 0) fsync(own);
  close(own);
  errno = kept;
}

int main(void) {
  fd = create("file");
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 1000}, {0, 1000}};
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  int number = 0;
  while (rounds < 100) put_record(fd, 'm', number++);
  const struct itimerval never = {{0, 0}, {0, 0}};
  must(setitimer(ITIMER_REAL, &never, NULL) == 0);
  const long expected = (number + (long)rounds) * RECORD;
  say("size %s\n", lseek(fd, 0, SEEK_END) == expected ? "right" : "wrong");
  int next_main = 0, next_handler = 0, bad = 0;
  char record[RECORD], wanted[RECORD];
  lseek(fd, 0, SEEK_SET);
  while (read(fd, record, RECORD) == RECORD) {
    make_record(wanted, record[0], record[0] == 'm' ? next_main++ : next_handler++);
    if (memcmp(record, wanted, RECORD) != 0) ++bad;
  }
  say("%d broken\n", bad);
  must(ftruncate(fd, 0) == 0 && truncate("own", 0) == 0);
  return 0;
}
