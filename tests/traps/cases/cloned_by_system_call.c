/* A fork by number, which libc's wrappers don't see. */
#include "trap.h"

int main(void) {
  const int fd = create("file");
  put_bytes(fd, 'a', 12345);
  pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) {
    put_bytes(fd, 'b', 12345);
    syscall(SYS_exit_group, 0);
  }
  wait_for(pid);
  put_bytes(fd, 'c', 12345);
#ifdef SYS_fork
  pid = (pid_t)syscall(SYS_fork);
  if (pid == 0) {
    put_bytes(fd, 'd', 12345);
    const int own = create("own");
    put_bytes(own, 'e', 54321);
    _exit(0);
  }
  wait_for(pid);
#endif
  put_bytes(fd, 'f', 12345);
  say_result(lseek(fd, 0, SEEK_CUR));
  return 0;
}
