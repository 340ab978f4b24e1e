/* A signal handler forks on top of a write(); the child returns from the handler into that write,
 * and ends. */
#include "trap.h"

enum { PIECE = 60000, FORKS = 60 };

static volatile int children, died_badly;

static void on_alarm(int signal) {
  (void)signal;
  if (children >= FORKS) return;
  const int kept = errno;
  const pid_t pid = fork();
  if (pid == 0) return;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  ++children;
  if (status != 0) ++died_badly;
  errno = kept;
}

int main(void) {
  static char piece[PIECE];
  memset(piece, 'f', sizeof piece);
  const pid_t parent = getpid();
  const int fd = create("file");
  const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 1000}, {0, 1000}};
  must(setitimer(ITIMER_REAL, &often, NULL) == 0);
  while (children < FORKS) {
    if (lseek(fd, 0, SEEK_CUR) > 8 << 20) lseek(fd, 0, SEEK_SET);
    for (int i = 0; i < 30; ++i) {
      must(write(fd, piece, sizeof piece) == PIECE);
      if (getpid() != parent) _exit(0);
    }
  }
  const struct itimerval never = {{0, 0}, {0, 0}};
  must(setitimer(ITIMER_REAL, &never, NULL) == 0);
  say("%d children, %d died badly\n", children, died_badly);
  /* How much there is differs from run to run. */
  lseek(fd, 0, SEEK_SET);
  static char got[PIECE];
  int bad = 0;
  ssize_t length;
  while ((length = read(fd, got, sizeof got)) > 0)
    if (memcmp(got, piece, (size_t)length) != 0) ++bad;
  say("%d broken\n", bad);
  must(ftruncate(fd, 0) == 0);
  return 0;
}
