/* Signals at any time, handlers with and without SA_RESTART: calls on a file are not interrupted,
 * and calls that wait are, as ever. */
#include "trap.h"

enum { ALARMS = 300 };

static volatile int alarms;

static void on_alarm(int signal) {
  (void)signal;
  ++alarms;
}

static long interrupted, failed;

#define check(call)                                                  \
  do {                                                               \
    errno = 0;                                                       \
    if ((long)(call) < 0) errno == EINTR ? ++interrupted : ++failed; \
  } while (0)

static void storm(int flags) {
  static char piece[100000];
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = flags};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
  struct stat facts;
  int fd = create("file");
  alarms = 0;
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  for (int i = 0; alarms < ALARMS; ++i) {
    check(write(fd, piece, 1000 + (size_t)i % 99000));
    check(pwrite(fd, piece, 500, i * 10L));
    check(fstat(fd, &facts));
    check(pread(fd, piece, 100, 0));
    if (i % 50 == 0) check(fsync(fd));
    if (i % 64 == 0) check(ftruncate(fd, 0));
    if (i % 64 == 0) check(lseek(fd, 0, SEEK_SET));
    if (i % 70 == 0) {
      check(close(fd));
      check(fd = open("file", O_RDWR));
    }
  }
  must(setitimer(ITIMER_REAL, &never, NULL) == 0);
  close(fd);
  say("flags %x: %ld interrupted, %ld failed\n", (unsigned)flags, interrupted, failed);
}

/* A lock that another holds: F_SETLKW waits for it, and hears of the signal. */
static void wait_for_a_lock(int flags) {
  int ready[2], done[2];
  char byte;
  must(pipe(ready) == 0 && pipe(done) == 0);
  const int fd = create("locked");
  put_bytes(fd, 'a', 100000);
  const pid_t pid = fork();
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (pid == 0) {
    close(done[1]);
    must(fcntl(fd, F_SETLK, &lock) == 0);
    must(write(ready[1], "x", 1) == 1);
    must(read(done[0], &byte, 1) == 0);
    _exit(0);
  }
  must(read(ready[0], &byte, 1) == 1);
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = flags};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  say_result(fcntl(fd, F_SETLKW, &lock));
  say_result(read(ready[0], &byte, 1));
  must(setitimer(ITIMER_REAL, &never, NULL) == 0);
  must(close(done[1]) == 0);
  wait_for(pid);
  put_bytes(fd, 'b', 100000);
  close(fd);
}

int main(void) {
  storm(SA_RESTART);
  storm(0);
  storm(SA_RESTART | SA_NODEFER);
  wait_for_a_lock(0);
  must(truncate("file", 0) == 0);
  return 0;
}
