/* A signal handler forks while the main thread writes; the child writes to the shared file. */
#include "trap.h"

static int fd;
static volatile int forks;

static void on_alarm(int signal) {
  (void)signal;
  const int kept = errno;
  const int number = forks++;
  const pid_t pid = fork();
  if (pid == 0) {
    put_record(fd, 'c', number);
    _exit(0);
  }
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) say("child: %x\n", (unsigned)status);
  put_record(fd, 'h', number);
  errno = kept;
}

int main(void) {
  fd = create("file");
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 2000}, {0, 2000}};
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  int number = 0;
  while (forks < 40) {
    put_record(fd, 'm', number++);
    /* Few enough to look at. */
    if (number % 4096 == 0) usleep(500);
  }
  const struct itimerval never = {{0, 0}, {0, 0}};
  must(setitimer(ITIMER_REAL, &never, NULL) == 0);
  const long expected = (number + 2L * forks) * RECORD;
  const long size = lseek(fd, 0, SEEK_END);
  say("size %s\n", size == expected ? "right" : "wrong");
  int next[128] = {0}, bad = 0;
  char record[RECORD], wanted[RECORD];
  lseek(fd, 0, SEEK_SET);
  while (read(fd, record, RECORD) == RECORD) {
    make_record(wanted, record[0], next[record[0] & 127]++);
    if (memcmp(record, wanted, RECORD) != 0) ++bad;
  }
  say("%d broken\n", bad);
  must(ftruncate(fd, 0) == 0);
  return 0;
}
