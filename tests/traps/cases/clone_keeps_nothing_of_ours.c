/* A child by clone() has the numbers of its parent, and none that the parent doesn't know of. */
#include <sched.h>

#include "trap.h"

static int count(void* unused) {
  (void)unused;
  int open_numbers = 0;
  for (int fd = 0; fd < 2048; ++fd) open_numbers += raw(SYS_fcntl, fd, F_GETFD, 0, 0) >= 0;
  say("%d numbers\n", open_numbers);
  return 0;
}

int main(void) {
  static char stack[65536] __attribute__((aligned(16)));
  const int fd = create("file");
  put_bytes(fd, 'a', 300000);
  const int pid = clone(count, stack + sizeof stack, SIGCHLD, NULL);
  must(pid > 0);
  wait_for(pid);
  put_bytes(fd, 'b', 300000);
  say_result(close(fd));
  return 0;
}
