/* syscall() with numbers nobody knows (telepresence#1488), and the kernel's own answers. */
#include "trap.h"

int main(void) {
  const int fd = create("file");
  put_bytes(fd, 'a', 5000);
  say_result(syscall(99999, fd, 1, 2, 3));
  say_result(syscall(-1L));
  say_result(syscall(SYS_write, fd, "by number", 9));
  say_result(syscall(SYS_lseek, fd, 0, SEEK_CUR));
  say_result(syscall(SYS_getpid) == getpid());
  say_result(syscall(SYS_write, 99, "x", 1));
  say_result(syscall(SYS_fstat, fd, NULL));
  say_result(syscall(SYS_close, fd));
  say_result(syscall(SYS_close, fd));
  return 0;
}
