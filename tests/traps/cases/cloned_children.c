/* clone(): as fork, as vfork, and with its descriptors split off. */
#include <sched.h>

#include "trap.h"

static char stack[1 << 16] __attribute__((aligned(16)));
static int fd;

static int write_in_child(void* text) {
  const size_t length = strlen(text);
  return write(fd, text, length) == (ssize_t)length ? 0 : 1;
}

static int exec_in_child(void* command) {
  dup2(fd, 1);
  execl("/bin/sh", "sh", "-c", (char*)command, (char*)NULL);
  return 127;
}

int main(void) {
  fd = create("file");
  put_bytes(fd, 'a', 12345);
  wait_for(clone(write_in_child, stack + sizeof stack, SIGCHLD, "as fork\n"));
  put_bytes(fd, 'b', 12345);
  wait_for(clone(exec_in_child, stack + sizeof stack, SIGCHLD, "echo and exec"));
  put_bytes(fd, 'c', 12345);
  wait_for(clone(exec_in_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD,
                 "echo as vfork and exec"));
  put_bytes(fd, 'd', 12345);
  say_result(lseek(fd, 0, SEEK_CUR));
  return 0;
}
