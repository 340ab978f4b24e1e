/* unshare(CLONE_NEWUSER) directly after a write, often: the shim's thread is gone each time. */
#include <sched.h>

#include "trap.h"

int main(void) {
  int failures = 0, last = 0;
  for (int i = 0; i < 30; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      put_bytes(create("file"), 'a', 300000);
      _exit(unshare(CLONE_NEWUSER) == 0 ? 0 : errno);
    }
    int status;
    must(waitpid(pid, &status, 0) == pid);
    if (status == 0) continue;
    ++failures;
    last = WEXITSTATUS(status);
  }
  say("%d failed: %s\n", failures, strerror(last));
  return 0;
}
