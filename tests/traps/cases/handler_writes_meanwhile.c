/* A signal handler writes to the file whose lock its own thread may hold (fakeroot:
 * linuxdeployqt#215). */
#include "trap.h"

static int fd, other;
static volatile int from_handler;

static void on_alarm(int signal) {
  (void)signal;
  const int kept = errno;
  const int number = from_handler++;
  put_record(fd, 'h', number);
  put_record(other, 'o', number);
  errno = kept;
}

int main(void) {
  fd = create("file");
  other = create("other");
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 200}, {0, 200}};
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  int number = 0;
  while (from_handler < 400) put_record(fd, 'm', number++);
  const struct itimerval never = {{0, 0}, {0, 0}};
  must(setitimer(ITIMER_REAL, &never, NULL) == 0);
  const long expected = (number + (long)from_handler) * RECORD;
  say("position %s\n", lseek(fd, 0, SEEK_CUR) == expected ? "right" : "wrong");
  say("size %s\n", lseek(fd, 0, SEEK_END) == expected ? "right" : "wrong");
  say("other %s\n", lseek(other, 0, SEEK_END) == (long)from_handler * RECORD ? "right" : "wrong");
  close(fd);
  close(other);
  /* How many there are differs from run to run. */
  char record[RECORD], wanted[RECORD];
  int next_main = 0, next_handler = 0, bad = 0;
  fd = open("file", O_RDWR);
  while (read(fd, record, RECORD) == RECORD) {
    make_record(wanted, record[0], record[0] == 'm' ? next_main++ : next_handler++);
    if (memcmp(record, wanted, RECORD) != 0) ++bad;
  }
  say("%s, %s, %d broken\n", next_main == number ? "all of main's" : "not all of main's",
      next_handler == from_handler ? "all of the handler's" : "not all of the handler's", bad);
  must(ftruncate(fd, 0) == 0 && truncate("other", 0) == 0);
  return 0;
}
