/* RLIMIT_FSIZE lowered while bytes are on their way: the limit holds for what comes after. */
#include "trap.h"

static volatile int signals;
static void on_limit(int signal) {
  (void)signal;
  ++signals;
}

int main(void) {
  static char piece[3000];
  const int fd = create("file");
  put_bytes(fd, 'a', 100000);
  const struct sigaction action = {.sa_handler = on_limit};
  must(sigaction(SIGXFSZ, &action, NULL) == 0);
  const struct rlimit limit = {104000, RLIM_INFINITY};
  must(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  memset(piece, 'b', sizeof piece);
  for (int i = 0; i < 4; ++i) say_result(write(fd, piece, sizeof piece));
  say_result(pwrite(fd, piece, sizeof piece, 0));
  say_result(pwrite(fd, piece, sizeof piece, 200000));
  say_result(lseek(fd, 0, SEEK_CUR));
  say("%d signals\n", signals);
  const struct rlimit lower = {50000, RLIM_INFINITY};
  must(prlimit(0, RLIMIT_FSIZE, &lower, NULL) == 0);
  say_result(write(fd, piece, sizeof piece));
  say("%d signals\n", signals);
  const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
  must(setrlimit(RLIMIT_FSIZE, &none) == 0);
  put_bytes(fd, 'c', 100000);
  say_result(lseek(fd, 0, SEEK_CUR));
  return 0;
}
