/* A signal handler jumps out of write(), many times; then another thread writes to the same file.
 */
#include <setjmp.h>

#include "trap.h"

enum { PIECE = 60000 };

static sigjmp_buf escape;
static volatile int jumps;

static void on_alarm(int signal) {
  (void)signal;
  ++jumps;
  siglongjmp(escape, 1);
}

static void* write_last(void* argument) {
  must(write(*(const int*)argument, "thread", 6) == 6);
  return NULL;
}

int main(void) {
  static char piece[PIECE];
  static int fd;
  memset(piece, 'f', sizeof piece);
  fd = create("file");
  const struct sigaction action = {.sa_handler = on_alarm};
  must(sigaction(SIGALRM, &action, NULL) == 0);
  for (volatile int i = 0; i < 50; ++i) {
    if (sigsetjmp(escape, 1) == 0) {
      const struct itimerval soon = {{0, 0}, {0, 2000}};
      must(setitimer(ITIMER_REAL, &soon, NULL) == 0);
      for (;;) must(write(fd, piece, sizeof piece) == PIECE);
    }
    if (lseek(fd, 0, SEEK_CUR) > 8 << 20) lseek(fd, 0, SEEK_SET);
  }
  pthread_t thread;
  struct timespec until;
  must(pthread_create(&thread, NULL, write_last, &fd) == 0);
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 10;
  const int error = pthread_timedjoin_np(thread, NULL, &until);
  say("%d jumps, the thread's write %s\n", jumps, error != 0 ? "hangs" : "is done");
  if (error != 0) raw(SYS_exit_group, 1, 0, 0, 0);
  const off_t end = lseek(fd, 0, SEEK_CUR);
  char text[7] = "";
  say("%zd bytes: ", pread(fd, text, 6, end - 6));
  say("%s\n", text);
  must(ftruncate(fd, 0) == 0);
  return 0;
}
