/* vfork: the child runs in our memory, puts our file on its standard output, closes numbers, and
 * becomes another program or fails to (syscall_intercept#3). */
#include "trap.h"

static void run_shell(int fd, const char* command) {
  const pid_t pid = vfork();
  if (pid == 0) {
    dup2(fd, 1);
    close(fd);
    execl("/bin/sh", "sh", "-c", command, (char*)NULL);
    _exit(127);
  }
  wait_for(pid);
}

int main(void) {
  const int fd = create("file");
  for (int i = 0; i < 20; ++i) {
    put_bytes(fd, 'a', 7777);
    run_shell(fd, "echo from the child; printf %5000s end");
  }
  put_bytes(fd, 'b', 5555);
  pid_t pid = vfork();
  if (pid == 0) {
    close(fd);
    execl("/does/not/exist", "x", (char*)NULL);
    _exit(3);
  }
  int status;
  must(waitpid(pid, &status, 0) == pid);
  say("status %x\n", (unsigned)status);
  say_result(write(fd, "still open\n", 11));
  pid = vfork();
  if (pid == 0) {
    /* Not allowed by POSIX, but done. */
    if (write(fd, "by the child itself\n", 20) != 20) _exit(4);
    _exit(0);
  }
  wait_for(pid);
  put_bytes(fd, 'c', 5555);
  say_result(lseek(fd, 0, SEEK_CUR));
  say_result(close(fd));
  say_result(close(fd));
  return 0;
}
