/* A handler on a small alternate stack (SA_ONSTACK, 16 KiB) writes to managed files: what the shim
 * needs of the stack must fit. */
#include "trap.h"

static int fd;
static volatile int rounds;

static void on_signal(int signal) {
  (void)signal;
  put_record(fd, 'h', rounds);
  const int own = open("own", O_WRONLY | O_CREAT | O_APPEND, 0644);
  put_record(own, 'o', rounds++);
  close(own);
}

int main(void) {
  static char room[16384];
  const stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
  must(sigaltstack(&stack, NULL) == 0);
  const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
  must(sigaction(SIGUSR1, &action, NULL) == 0);
  fd = create("file");
  for (int i = 0; i < 200; ++i) {
    put_record(fd, 'm', i);
    raise(SIGUSR1);
  }
  say_result(lseek(fd, 0, SEEK_CUR));
  return 0;
}
