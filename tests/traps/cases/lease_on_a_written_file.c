/* A write lease is for a file that is open once: a descriptor of ours would be a second time. */
#include "trap.h"

int main(void) {
  signal(SIGIO, SIG_IGN);
  const int fd = create("file");
  put_bytes(fd, 'a', 100000);
  must(fsync(fd) == 0);
  say_result(fcntl(fd, F_SETLEASE, F_WRLCK));
  say_result(fcntl(fd, F_GETLEASE));
  put_bytes(fd, 'b', 100000);
  say_result(fcntl(fd, F_GETLEASE));
  say_result(fcntl(fd, F_SETLEASE, F_UNLCK));
  put_bytes(fd, 'c', 3 << 20);
  say_result(fcntl(fd, F_SETLEASE, F_WRLCK));
  return 0;
}
