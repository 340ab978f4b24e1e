/* The program's own description never becomes O_DIRECT (GNU dd toggles it by F_SETFL, and whoever
 * shares the description fails). */
#include "trap.h"

int main(void) {
  const int fd = create("file");
  int direct = 0;
  for (int i = 0; i < 3000; ++i) {
    put_bytes(fd, 'a', 1237);
    if ((raw(SYS_fcntl, fd, F_GETFL, 0, 0) & O_DIRECT) != 0) ++direct;
  }
  say("%d times, flags %x\n", direct, (unsigned)fcntl(fd, F_GETFL));
  /* What the program asks for itself is its own affair. */
  static char room[8192] __attribute__((aligned(4096)));
  const int own = open("own", O_RDWR | O_CREAT | O_DIRECT, 0644);
  if (own < 0) return 0;
  say_result(write(own, room, 8192));
  say_result(write(own, room, 5));
  return 0;
}
