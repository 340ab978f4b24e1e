/* abort() calls the program's SIGABRT handler, which writes. */
#include "trap.h"

static int fd;

static void on_abort(int signal) {
  (void)signal;
  put_bytes(fd, 'l', 5000);
  must(write(fd, "last words", 10) == 10);
  must(write(create("made-by-the-handler"), "last file", 9) == 9);
}

int main(void) {
  const pid_t pid = fork();
  if (pid == 0) {
    fd = create("file");
    put_bytes(fd, 'a', 123456);
    signal(SIGABRT, on_abort);
    abort();
  }
  int status;
  must(waitpid(pid, &status, 0) == pid);
  say("%x\n", (unsigned)status);
  return 0;
}
