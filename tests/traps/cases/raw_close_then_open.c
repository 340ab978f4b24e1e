/* A number is closed by a raw system call, where nobody sees it, and comes up again for another
 * file by an open that is seen. */
#include "trap.h"

int main(void) {
  int fd = create("first");
  put_bytes(fd, 'a', 12345);
  say_result(raw(SYS_close, fd, 0, 0, 0));
  fd = create("second");
  put_bytes(fd, 'b', 23456);
  say_result(raw(SYS_close, fd, 0, 0, 0));
  /* A pipe takes the number. */
  int pair[2];
  must(pipe(pair) == 0);
  say_result(write(pair[1], "through the pipe", 16));
  char text[17] = "";
  say_result(read(pair[0], text, 16));
  say("%s\n", text);
  close(pair[0]);
  close(pair[1]);
  fd = create("third");
  put_bytes(fd, 'c', 100);
  say_result(raw(SYS_close, fd, 0, 0, 0));
  say_result(fcntl(fd, F_GETFD));
  say_result(lseek(fd, 0, SEEK_CUR));
  return 0;
}
