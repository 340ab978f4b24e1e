/* unshare(CLONE_NEWUSER) fails in a process of more than one thread: the shim's must be gone. */
#include <sched.h>

#include "trap.h"

int main(void) {
  const int fd = create("file");
  put_bytes(fd, 'a', 3 << 20);
  say_result(unshare(CLONE_NEWUSER));
  put_bytes(fd, 'b', 3 << 20);
  say_result(unshare(CLONE_NEWUTS));
  put_bytes(fd, 'c', 3 << 20);
  say_result(unshare(CLONE_FILES));
  put_bytes(fd, 'd', 100000);
  say_result(unshare(CLONE_VM | CLONE_SIGHAND));
  put_bytes(fd, 'e', 100000);
  say_result(lseek(fd, 0, SEEK_CUR));
  return 0;
}
