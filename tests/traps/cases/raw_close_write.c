/* A number is closed by a raw system call; what is written to it after that is refused. */
#include "trap.h"

int main(void) {
  const int fd = create("first");
  put_bytes(fd, 'a', 12345);
  say_result(raw(SYS_close, fd, 0, 0, 0));
  say_result(write(fd, "lost", 4));
  say_result(close(fd));
  return 0;
}
