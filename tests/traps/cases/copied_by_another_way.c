/* Ways to one more number for a description that no duplicating function sees: pidfd_getfd, and
 * the message that comes back. */
#include "trap.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

int main(void) {
  const int self = (int)syscall(SYS_pidfd_open, (long)getpid(), 0L);
  const int fd = create("file");
  put_bytes(fd, 'a', 300000);
  const int copy = self < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, self, fd, 0L);
  if (copy < 0) {
    say("no pidfd_getfd here\n");
    return SKIPPED;
  }
  put_bytes(copy, 'b', 100000);
  put_bytes(fd, 'c', 100000);
  say_result(lseek(copy, 0, SEEK_CUR));
  say_result(lseek(fd, 0, SEEK_CUR));
  close(fd);
  put_bytes(copy, 'd', 100000);
  say_result(lseek(copy, 0, SEEK_END));
  /* A child's. */
  int ready[2], done[2];
  char byte;
  must(pipe(ready) == 0 && pipe(done) == 0);
  const pid_t pid = fork();
  if (pid == 0) {
    const int own = create("childs");
    put_bytes(own, 'k', 300000);
    must(write(ready[1], &own, sizeof own) == sizeof own);
    must(read(done[0], &byte, 1) == 1);
    put_bytes(own, 'l', 100000);
    _exit(0);
  }
  int theirs;
  must(read(ready[0], &theirs, sizeof theirs) == sizeof theirs);
  const int child = (int)syscall(SYS_pidfd_open, (long)pid, 0L);
  /* Nobody tells the child: what it holds back may not be there yet, but it comes. */
  const int taken = (int)syscall(SYS_pidfd_getfd, child, theirs, 0L);
  must(taken >= 0 && write(done[1], "x", 1) == 1);
  wait_for(pid);
  say_result(lseek(taken, 0, SEEK_CUR));
  put_bytes(taken, 'm', 1000);
  say_result(lseek(taken, 0, SEEK_END));
  return 0;
}
