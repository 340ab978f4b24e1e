/* Without /proc there is no direct descriptor, and no name of the file: the program goes on. */
/* managed: no */
#include <sched.h>
#include <sys/mount.h>

#include "trap.h"

int main(void) {
  const int before = create("before");
  put_bytes(before, 'a', 1000);
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("none", "/proc", "tmpfs", 0, NULL) != 0)
    return SKIPPED;
  put_bytes(before, 'b', 3 << 20);
  const int after = create("after");
  put_bytes(after, 'c', 3 << 20);
  say_result(lseek(before, 0, SEEK_CUR));
  say_result(close(after));
  const pid_t pid = fork();
  if (pid == 0) {
    put_bytes(before, 'd', 50000);
    _exit(0);
  }
  wait_for(pid);
  put_bytes(before, 'e', 50000);
  say_result(lseek(before, 0, SEEK_CUR));
  return 0;
}
